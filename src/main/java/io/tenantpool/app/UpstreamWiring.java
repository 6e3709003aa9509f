package io.tenantpool.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.ShutdownEvent;
import io.tenantpool.config.TenantpoolConfig;
import io.tenantpool.controller.PasswordGate;
import io.tenantpool.controller.Signals;
import io.tenantpool.controller.UpstreamLimits;
import io.tenantpool.controller.UpstreamTrust;
import io.tenantpool.upstream.LiveLimits;
import io.tenantpool.upstream.PasswordChecks;
import io.tenantpool.upstream.TlsWatch;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts together what talks to PostgreSQL. */
@ApplicationScoped
public class UpstreamWiring {
    @Produces
    @Singleton
    LiveLimits liveLimits(Vertx vertx, Clock clock, TenantpoolConfig config, Signals signals) {
        return LiveLimits.on(vertx, config.upstream().timeout(), clock, signals::upstreamChanged);
    }

    @Produces
    @Singleton
    TlsWatch tlsWatch(Vertx vertx, TenantpoolConfig config, Signals signals) {
        return TlsWatch.on(vertx, config.upstream().timeout(), signals::upstreamChanged);
    }

    @Produces
    @Singleton
    UpstreamTrust upstreamTrust(KubernetesClient client, Clock clock, TlsWatch watch) {
        return new UpstreamTrust(client, clock, watch);
    }

    @Produces
    @Singleton
    UpstreamLimits upstreamLimits(KubernetesClient client, Clock clock, LiveLimits limits) {
        return new UpstreamLimits(client, clock, limits);
    }

    @Produces
    @Singleton
    PasswordChecks passwordChecks(Vertx vertx, Clock clock, TenantpoolConfig config, Signals signals) {
        return PasswordChecks.on(vertx, config.upstream().timeout(), clock, signals::upstreamChanged);
    }

    @Produces
    @Singleton
    PasswordGate passwordGate(PasswordChecks checks) {
        return new PasswordGate(checks);
    }

    void stop(@Observes ShutdownEvent event, LiveLimits limits, TlsWatch watch, PasswordChecks passwords) {
        passwords.close();
        limits.close();
        watch.close();
    }
}
