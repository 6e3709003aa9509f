package io.tenantpool.engine.pgbouncer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolGrant;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.Standing;
import io.tenantpool.model.TenantId;
import io.tenantpool.model.UpstreamModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The index of who is served, kept beside the files in the pooler Secret: it outlives a lost status, a restart and a
 * vanished credentials Secret. Passwords stand in the user list alone.
 */
final class Placement {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private static final Pattern FORGETTING = Pattern.compile("(\\d{1,12}) (\\d{1,12})");

    private Placement() {}

    /** JSON, compressed to a third or less because a Secret holds 1 MiB and every change writes all of it; as base64. */
    static String write(List<Placed> tenants) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(JSON.writeValueAsBytes(tenants.stream().map(Entry::of).toList()));
        } catch (IOException e) {
            throw new IllegalStateException("records of strings and numbers are always written to memory", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** @throws IllegalArgumentException when the text was not written by {@link #write} */
    static List<Placed> read(String text, Map<String, Secret> passwords) {
        if (text.isEmpty()) {
            return List.of();
        }
        try (var gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return Stream.of(JSON.readValue(gzip, Entry[].class))
                    .map(entry -> entry.placed(passwords))
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(PgBouncerNames.PLACEMENT + " is not what the operator wrote", e);
        }
    }

    /** Two numbers: since when there are removed roles, and when some were last forgotten. */
    static String write(Forgetting forgetting) {
        return forgetting.since() + " " + forgetting.last();
    }

    /** What another version of the operator wrote, or none, means that nothing was ever forgotten. */
    static Forgetting readForgetting(String text) {
        var numbers = FORGETTING.matcher(text);
        return numbers.matches()
                ? new Forgetting(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)))
                : Forgetting.NEVER;
    }

    /** One tenant; short keys, because every change writes all of them again. What is usual is left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String uid,
            String ns,
            String name,
            String pool,
            String db,
            String up,
            String host,
            int port,
            List<RoleEntry> roles,
            @Nullable Integer size,
            int share,
            @Nullable Integer counted,
            @Nullable Integer idle,
            @Nullable Integer clients,
            @Nullable Integer queue,
            @Nullable Integer idletx,
            Standing.@Nullable Kind state,
            @Nullable Long until) {

        static Entry of(Placed t) {
            var share = t.grant().perPod();
            return new Entry(
                    t.id().uid(),
                    t.id().namespace(),
                    t.id().name(),
                    t.poolName(),
                    t.database(),
                    t.upstream().name(),
                    t.upstream().host(),
                    t.upstream().port(),
                    t.roles().stream()
                            .map(role -> new RoleEntry(role.name(), role.source()))
                            .toList(),
                    t.grant().poolSize(),
                    share,
                    t.grant().counted() == share ? null : t.grant().counted(),
                    t.grant().minIdle() == 0 ? null : t.grant().minIdle(),
                    t.limits().maxClientConnectionsPerPod(),
                    t.limits().queryWaitTimeoutSeconds(),
                    t.limits().idleTransactionTimeoutSeconds(),
                    t.standing().isServing() ? null : t.standing().kind(),
                    t.standing().until() == 0 ? null : t.standing().until());
        }

        Placed placed(Map<String, Secret> passwords) {
            return new Placed(
                    new TenantId(uid, ns, name),
                    pool,
                    db,
                    new UpstreamModel(up, host, port),
                    roles.stream().map(role -> role.role(passwords)).toList(),
                    new PoolGrant(
                            Objects.requireNonNullElse(size, PoolGrant.UNKNOWN),
                            share,
                            Objects.requireNonNullElse(counted, share),
                            Objects.requireNonNullElse(idle, 0)),
                    new DoorLimits(clients, queue, idletx),
                    new Standing(
                            Objects.requireNonNullElse(state, Standing.Kind.Serving),
                            Objects.requireNonNullElse(until, 0L)));
        }
    }

    /** One role of a tenant. */
    record RoleEntry(String role, String from) {
        Role role(Map<String, Secret> passwords) {
            var password = passwords.get(role);
            if (password == null) {
                throw new IllegalArgumentException(PgBouncerNames.USERLIST + " lacks role " + role);
            }
            return new Role(role, password, from);
        }
    }
}
