package io.tenantpool.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The operator's settings; docs/configuration.md lists them. */
@ConfigMapping(prefix = "tenantpool")
public interface TenantpoolConfig {
    Pooler pooler();

    Delivery delivery();

    RemovedRoles removedRoles();

    Upstream upstream();

    Status status();

    Health health();

    Certificates certificates();

    Operator operator();

    /** The pooler's defaults. */
    interface Pooler {
        /** Image of PoolerClusters that name none. */
        Optional<String> image();

        /** Bytes of pooler Secrets written per second, all together; etcd keeps each version for minutes. */
        @WithDefault("1000000")
        long secretBytesPerSecond();
    }

    /** How pods are brought up to date and tenants proven. */
    interface Delivery {
        /** Whether pods are annotated to have their files projected at once. */
        @WithDefault("true")
        boolean kick();

        /** Logins at a time to one PostgreSQL server. */
        @WithDefault("8")
        int proofsPerUpstream();

        /** Shortest time between two RELOADs of a pod. */
        @WithDefault("100ms")
        Duration pollInterval();

        /** The part of a pod's time that RELOAD may take, above 0 and at most 1. */
        @WithDefault("0.02")
        double reloadShare();

        /** Limit of each answer of a pooler's console. */
        @WithDefault("2s")
        Duration consoleTimeout();

        /** Limit of each login of a proof. */
        @WithDefault("3s")
        Duration loginTimeout();

        /** How long a pod may stay behind before it is taken out of traffic. */
        @WithDefault("5s")
        Duration patience();
    }

    /** When the pods of a pooler are replaced, so that no process knows roles any more that were removed. */
    interface RemovedRoles {
        /** More of them than this are forgotten; PgBouncer 1.26 keeps about 65 kB of memory for each. */
        @WithDefault("500")
        int most();

        /** Whatever their number, they are forgotten when the oldest is this old. */
        @WithDefault("7d")
        Duration age();

        /** Shortest time between two replacements of a pooler's pods for that. */
        @WithDefault("1h")
        Duration pause();
    }

    /** How PostgreSQL servers are asked for their settings. */
    interface Upstream {
        /** Limit of each question: TCP, login and answer together. */
        @WithDefault("3s")
        Duration timeout();
    }

    /** How status is reported. */
    interface Status {
        /** A Tenant that is ready sooner gets one status write instead of two. */
        @WithDefault("3s")
        Duration pendingAfter();

        /** Counts and revisions of a PoolerCluster are written no more often than this. */
        @WithDefault("30s")
        Duration countsEvery();
    }

    /** Certificates that the operator makes. */
    interface Certificates {
        /** How long a pooler's certificate is good; it is renewed when a third of that is left. */
        @WithDefault("90d")
        Duration lifetime();

        /** How long a certificate authority is good; another one follows when a third of that is left. */
        @WithDefault("1095d")
        Duration authorityLifetime();

        /** How long a new authority is published before it signs, so that clients know it by then. */
        @WithDefault("30d")
        Duration authorityOverlap();

        /** How long one key opens the poolers' consoles. */
        @WithDefault("30d")
        Duration consoleEvery();
    }

    /** What is told over HTTP. */
    interface Health {
        /** Pods are asked no more often than this how full their pools are. */
        @WithDefault("5s")
        Duration poolsMaxAge();
    }

    /** The operator itself. */
    interface Operator {
        /** Namespace of its pods, which poolers let in; that of its own service account if it is not given. */
        Optional<String> namespace();
    }
}
