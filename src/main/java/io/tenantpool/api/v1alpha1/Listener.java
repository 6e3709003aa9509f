package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A door: one address and port with one pool mode.
 *
 * @param name unique in the PoolerCluster, 1..20 characters
 * @param poolMode null only before the server's defaults; then {@link PoolMode#Transaction}
 * @param port TCP port of the Service and the pods, 1024..65535, unique in the PoolerCluster
 * @param target which servers of an upstream it leads to; null only before the server's defaults, then
 *     {@link Upstream.Role#Primary}
 * @param replicas pods of each cell, 1..50; null without {@code autoscaling} means {@link #DEFAULT_REPLICAS}
 * @param autoscaling null means a fixed number of pods
 * @param maxClientConnectionsPerPod clients that one pod accepts, all tenants together, 1..50000
 * @param defaultPoolSize server connections of one tenant, all pods of this door together, 1..1000
 * @param terminationGracePeriodSeconds seconds in which clients of a stopping pod may finish, 10..3600
 */
@ValidationRule(
        value = "!(has(self.replicas) && has(self.autoscaling))",
        message = "a listener has either replicas or autoscaling, or two of them would set the number of pods: remove"
                + " one")
@ValidationRule(
        value = "!has(self.autoscaling) || !has(self.terminationGracePeriodSeconds)"
                + " || self.terminationGracePeriodSeconds <= 1800",
        message = "a listener with autoscaling has a terminationGracePeriodSeconds of at most 1800, because pods are"
                + " taken away one per grace and the autoscaler remembers no longer than that: lower it")
public record Listener(
        @JsonPropertyDescription(
                "Name of the door, part of the Service's name; lower-case letters and digits, at most 20.")
        @Required
        @Size(min = 1, max = 20)
        @Pattern(NameRules.LISTENER)
        String name,

        @JsonPropertyDescription("When a server connection goes back to the pool. Transaction (default): after each"
                + " transaction, so session state (SET, advisory locks, LISTEN) does not last. Session: when the"
                + " client leaves. Statement: after each statement, and transactions of more than one are refused."
                + " Immutable: add a listener with another name instead.")
        @Default("Transaction")
        @Nullable
        PoolMode poolMode,

        @JsonPropertyDescription("TCP port of the Service and the pods, 1024 to 65535; each listener needs its own.")
        @Required
        @Min(1024)
        @Max(65535)
        Integer port,

        @JsonPropertyDescription("Which servers of an upstream the door leads to. Primary (default): the one that"
                + " takes writes. Replica: the read-only ones, in turn; a tenant whose upstream has none does not get"
                + " this door. Immutable: add a listener with another name instead.")
        @Default("Primary")
        Upstream.@Nullable Role target,

        @JsonPropertyDescription("Number of pooler pods of each cell, 1 to 50. If neither this nor autoscaling is set,"
                + " the operator runs 2. With 1, a node that fails interrupts every tenant.")
        @Min(1)
        @Max(50)
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("Lets a HorizontalPodAutoscaler choose the number of pods, instead of replicas.")
        @Nullable
        Autoscaling autoscaling,

        @JsonPropertyDescription("Client connections that one pod accepts, all tenants together, 1 to 50000 (default"
                + " 1000). Each costs a few kB of memory in the pod.")
        @Default("1000")
        @Min(1)
        @Max(50000)
        @Nullable
        Integer maxClientConnectionsPerPod,

        @JsonPropertyDescription("Server connections of a tenant that names no poolSize, all pods of this door"
                + " together, 1 to 1000 (default 25).")
        @Default("25")
        @Min(1)
        @Max(1000)
        @Nullable
        Integer defaultPoolSize,

        @JsonPropertyDescription("Seconds, 10 to 3600 (default 60), in which the clients of a stopping pod may finish"
                + " what they do. A rollout waits as long for every pod. The first 5 go by until nobody sends new"
                + " clients.")
        @Default("60")
        @Min(10)
        @Max(3600)
        @Nullable
        Integer terminationGracePeriodSeconds) {

    /**
     * Pods of a listener that gives no number. Not a default of the schema: later a listener has either replicas or
     * autoscaling, and a server-side default would then set both.
     */
    public static final int DEFAULT_REPLICAS = 2;

    /** {@link #maxClientConnectionsPerPod} when none is given. */
    public static final int DEFAULT_MAX_CLIENT_CONNECTIONS_PER_POD = 1000;

    /** {@link #defaultPoolSize} when none is given. */
    public static final int DEFAULT_POOL_SIZE = 25;

    /** {@link #terminationGracePeriodSeconds} when none is given. */
    public static final int DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS = 60;

    /** Name of the one listener of a PoolerCluster that lists none. */
    public static final String DEFAULT_NAME = "transaction";

    /** Port of the one listener of a PoolerCluster that lists none. */
    public static final int DEFAULT_PORT = 6432;

    /** When a server connection goes back to the pool. */
    public enum PoolMode {
        /** After each transaction. */
        Transaction,
        /** When the client leaves. */
        Session,
        /** After each statement. */
        Statement
    }

    /**
     * How many pods an autoscaler may choose.
     *
     * @param minReplicas pods of each cell, 1..50, at most {@code maxReplicas}; a pod's share of a pool is a part of
     *     this number, so that more pods bring more connections
     * @param maxReplicas pods of each cell, 1..50; the budget counts with this number
     * @param targetCPUUtilizationPercentage of the CPU that the pods request, 10..100; null means
     *     {@link #DEFAULT_TARGET_CPU}
     */
    @ValidationRule(
            value = "self.minReplicas <= self.maxReplicas",
            message =
                    "autoscaling.minReplicas is at most autoscaling.maxReplicas: raise maxReplicas or lower minReplicas")
    public record Autoscaling(
            @JsonPropertyDescription("Fewest pods of each cell, 1 to 50. A tenant's poolSize is divided by it, so pods"
                    + " that are added bring connections with them.")
            @Required
            @Min(1)
            @Max(50)
            Integer minReplicas,

            @JsonPropertyDescription(
                    "Most pods of each cell, 1 to 50. The budget of server connections counts with" + " this number.")
            @Required
            @Min(1)
            @Max(50)
            Integer maxReplicas,

            @JsonPropertyDescription(
                    "Percentage of the requested CPU, 10 to 100 (default 70), above which pods are" + " added.")
            @Default("70")
            @Min(10)
            @Max(100)
            @Nullable
            Integer targetCPUUtilizationPercentage) {

        /** {@link #targetCPUUtilizationPercentage} when none is given. */
        public static final int DEFAULT_TARGET_CPU = 70;
    }

    /**
     * The listener of a PoolerCluster that lists none: {@value #DEFAULT_NAME} on {@value #DEFAULT_PORT}. It is
     * computed, because a default for a list that is merged by name would come back when somebody removes it.
     */
    public static Listener computedDefault() {
        return new Listener(
                DEFAULT_NAME,
                PoolMode.Transaction,
                DEFAULT_PORT,
                Upstream.Role.Primary,
                DEFAULT_REPLICAS,
                null,
                DEFAULT_MAX_CLIENT_CONNECTIONS_PER_POD,
                DEFAULT_POOL_SIZE,
                DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS);
    }
}
