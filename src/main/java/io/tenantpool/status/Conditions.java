package io.tenantpool.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds conditions; the time of the last transition stays while the status does. */
public final class Conditions {
    private static final Set<String> OURS = Stream.concat(
                    Stream.of(ConditionType.values()).map(Enum::name), Stream.of("Reconciling", "Stalled"))
            .collect(Collectors.toUnmodifiableSet());

    /** Bytes; more than this helps nobody and would let a server's words fill the object. */
    private static final int MAX_MESSAGE = 1024;

    private final List<Condition> before;
    private long generation;
    private final Clock clock;
    private final List<Condition> now = new ArrayList<>();

    public Conditions(@Nullable List<Condition> before, long generation, Clock clock) {
        this.before = before == null ? List.of() : before;
        this.generation = generation;
        this.clock = clock;
    }

    /** From here on the conditions speak of that generation. */
    Conditions of(long observedGeneration) {
        generation = observedGeneration;
        return this;
    }

    public Conditions set(ConditionType type, boolean status, Reason reason, String message) {
        return set(type.name(), status ? "True" : "False", reason, message);
    }

    Conditions set(String type, String status, Reason reason, String message) {
        var old = find(before, type);
        var since = old.filter(condition -> status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        now.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason.name())
                .withMessage(shortened(message))
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build());
        return this;
    }

    public List<Condition> list() {
        return List.copyOf(now);
    }

    /** The condition of that type, if there is one. */
    public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
    }

    /** Whether both say the same; conditions of others are passed over. */
    public static boolean same(@Nullable List<Condition> one, @Nullable List<Condition> other) {
        return ours(one).equals(ours(other));
    }

    /** Whether both say the same for the same reason, though perhaps in other words. */
    public static boolean sameButForWords(@Nullable List<Condition> one, @Nullable List<Condition> other) {
        return withoutWords(one).equals(withoutWords(other));
    }

    private static Set<List<Object>> withoutWords(@Nullable List<Condition> conditions) {
        return ours(conditions).stream()
                .map(c -> List.<Object>of(c.getType(), c.getStatus(), c.getReason(), c.getObservedGeneration()))
                .collect(Collectors.toSet());
    }

    private static Set<Condition> ours(@Nullable List<Condition> conditions) {
        return Objects.requireNonNullElse(conditions, List.<Condition>of()).stream()
                .filter(condition -> OURS.contains(condition.getType()))
                .collect(Collectors.toSet());
    }

    /** A server's words come from outside: one line, without control characters. */
    private static String shortened(String message) {
        var line = message.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE - 1) + "…";
    }
}
