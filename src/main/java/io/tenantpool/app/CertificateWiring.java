package io.tenantpool.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.certificate.Authorities;
import io.tenantpool.certificate.ConsoleKeys;
import io.tenantpool.config.TenantpoolConfig;
import io.tenantpool.controller.PoolerCertificates;
import io.tenantpool.engine.Engine;
import io.tenantpool.observe.Meters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts together what makes certificates and keys. */
@ApplicationScoped
public class CertificateWiring {
    @Produces
    @Singleton
    ConsoleKeys consoleKeys(Engine engine, TenantpoolConfig config) {
        return new ConsoleKeys(
                engine.console().adminUser(), config.certificates().consoleEvery());
    }

    @Produces
    @Singleton
    PoolerCertificates poolerCertificates(
            KubernetesClient client, Clock clock, TenantpoolConfig config, Meters meters) {
        var settings = config.certificates();
        return new PoolerCertificates(
                client,
                clock,
                new Authorities.Lifetimes(
                        settings.authorityLifetime(), settings.authorityOverlap(), settings.lifetime()),
                meters);
    }
}
