package io.tenantpool.app;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.tenantpool.config.TenantpoolConfig;
import io.tenantpool.controller.BindingWriter;
import io.tenantpool.controller.Brakes;
import io.tenantpool.controller.ClusterMemory;
import io.tenantpool.controller.ClusterPlanning;
import io.tenantpool.controller.Doorkeeper;
import io.tenantpool.controller.DrainFinalizers;
import io.tenantpool.controller.HeldPoolers;
import io.tenantpool.controller.Looks;
import io.tenantpool.controller.PasswordGate;
import io.tenantpool.controller.PodWatch;
import io.tenantpool.controller.PoolerCertificates;
import io.tenantpool.controller.PoolerClusterStatusWriter;
import io.tenantpool.controller.PoolerObjects;
import io.tenantpool.controller.PoolerSecretWriter;
import io.tenantpool.controller.Signals;
import io.tenantpool.controller.StatusPatch;
import io.tenantpool.controller.TenantReporter;
import io.tenantpool.controller.UpstreamLimits;
import io.tenantpool.controller.UpstreamTrust;
import io.tenantpool.controller.Verdicts;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.delivery.DeliverySettings;
import io.tenantpool.delivery.KubernetesPodApi;
import io.tenantpool.engine.Engine;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.Forgetting;
import io.tenantpool.observe.EventRecorder;
import io.tenantpool.observe.Meters;
import io.tenantpool.observe.OperatorMetrics;
import io.tenantpool.observe.PoolsHealth;
import io.tenantpool.status.TenantStatusFactory;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executors;

/** Puts the parts together. */
@ApplicationScoped
public class Wiring {
    private static final int POD_PATCHES_AT_A_TIME = 6;
    private static final int BEFORE_ALL = Interceptor.Priority.PLATFORM_BEFORE - 1;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Engine engine() {
        return new PgBouncerEngine();
    }

    @Produces
    @Singleton
    Meters meters(MeterRegistry registry) {
        return new Meters(registry);
    }

    @Produces
    @Singleton
    Metrics operatorMetrics(MeterRegistry registry) {
        return new OperatorMetrics(registry);
    }

    @Produces
    @Singleton
    Signals signals() {
        return new Signals();
    }

    @Produces
    @Singleton
    Verdicts verdicts(Signals signals, TenantReporter reporter) {
        return new Verdicts(signals, reporter::forget);
    }

    @Produces
    @Singleton
    final Doorkeeper doorkeeper = new Doorkeeper();

    @Produces
    @Singleton
    Delivery delivery(
            Vertx vertx,
            Clock clock,
            TenantpoolConfig config,
            KubernetesClient client,
            Engine engine,
            Meters meters,
            Signals signals) {
        var settings = config.delivery();
        var executor = Executors.newFixedThreadPool(POD_PATCHES_AT_A_TIME, task -> {
            var thread = new Thread(task, "tenantpool-pod-patch");
            thread.setDaemon(true);
            return thread;
        });
        return new Delivery(
                vertx,
                clock,
                new DeliverySettings(
                        settings.kick(),
                        settings.proofsPerUpstream(),
                        settings.pollInterval(),
                        settings.reloadShare(),
                        settings.consoleTimeout(),
                        settings.loginTimeout(),
                        settings.patience()),
                new KubernetesPodApi(client, executor),
                engine,
                meters,
                signals);
    }

    @Produces
    @Singleton
    PodWatch podWatch(KubernetesClient client, Delivery delivery) {
        return new PodWatch(client, delivery);
    }

    @Produces
    @Singleton
    PoolerSecretWriter poolerSecretWriter(
            KubernetesClient client, Clock clock, TenantpoolConfig config, Meters meters) {
        return new PoolerSecretWriter(client, clock, config.pooler().secretBytesPerSecond(), meters);
    }

    @Produces
    @Singleton
    HeldPoolers heldPoolers(Engine engine, PoolerSecretWriter secrets) {
        return new HeldPoolers(engine, secrets);
    }

    @Produces
    @Singleton
    Brakes brakes(Delivery delivery, Signals signals, Clock clock) {
        return new Brakes(delivery, signals, clock);
    }

    @Produces
    @Singleton
    DrainFinalizers drainFinalizers(
            KubernetesClient client,
            Verdicts verdicts,
            Clock clock,
            Meters meters,
            TenantReporter reporter,
            TenantStatusFactory statusFactory) {
        return new DrainFinalizers(client, verdicts, clock, meters, reporter, statusFactory);
    }

    @Produces
    @Singleton
    ClusterMemory clusterMemory(
            Brakes brakes,
            PasswordGate passwords,
            UpstreamTrust trust,
            UpstreamLimits limits,
            PoolerClusterStatusWriter status,
            PoolerCertificates certificates,
            Meters meters) {
        return new ClusterMemory(brakes, passwords, trust, limits, status, certificates, meters);
    }

    @Produces
    @Singleton
    Looks looks(Brakes brakes, DrainFinalizers finalizers, ClusterMemory memory) {
        var looks = new Looks();
        looks.every(Brakes.EVERY, brakes::look);
        looks.every(DrainFinalizers.EVERY, finalizers::look);
        looks.every(ClusterMemory.EVERY, memory::look);
        return looks;
    }

    @Produces
    @Singleton
    ClusterPlanning clusterPlanning(
            Engine engine,
            Delivery delivery,
            Brakes brakes,
            PasswordGate passwords,
            Clock clock,
            TenantpoolConfig config,
            KubernetesClient client) {
        var roles = config.removedRoles();
        var policy = new Forgetting.Policy(roles.most(), roles.age(), roles.pause());
        return new ClusterPlanning(engine, delivery, brakes, passwords, clock, policy, client);
    }

    @Produces
    @Singleton
    PoolerObjects poolerObjects(Engine engine, TenantpoolConfig config, Meters meters, Delivery delivery) {
        return new PoolerObjects(
                engine,
                config.pooler().image(),
                meters,
                OperatorNamespace.of(config, Path.of(Config.KUBERNETES_NAMESPACE_PATH)),
                id -> delivery.pods(id).map(Delivery.Pods::terminating).orElse(true)); // unknown is no evidence
    }

    @Produces
    @Singleton
    StatusPatch statusPatch(Meters meters) {
        return new StatusPatch(meters);
    }

    @Produces
    @Singleton
    PoolerClusterStatusWriter poolerClusterStatusWriter(
            KubernetesClient client,
            Clock clock,
            Delivery delivery,
            Engine engine,
            StatusPatch patch,
            Meters meters,
            TenantpoolConfig config) {
        return new PoolerClusterStatusWriter(
                client, clock, delivery, engine, patch, meters, config.status().countsEvery());
    }

    @Produces
    @Singleton
    BindingWriter bindingWriter(KubernetesClient client, Meters meters) {
        return new BindingWriter(client, meters);
    }

    @Produces
    @Singleton
    TenantStatusFactory tenantStatusFactory(Clock clock) {
        return new TenantStatusFactory(clock);
    }

    @Produces
    @Singleton
    TenantReporter tenantReporter(
            KubernetesClient client, Clock clock, StatusPatch patch, Meters meters, TenantpoolConfig config) {
        return new TenantReporter(
                client,
                clock,
                patch,
                new EventRecorder(client, clock),
                meters,
                config.status().pendingAfter());
    }

    @Produces
    @Singleton
    PoolsHealth poolsHealth(Vertx vertx, Delivery delivery, TenantpoolConfig config) {
        return new PoolsHealth(
                delivery,
                task -> vertx.executeBlocking(Executors.callable(task), false),
                config.health().poolsMaxAge());
    }

    void check(@Observes @Priority(BEFORE_ALL) StartupEvent event, TenantpoolConfig config) {
        var broken = SettingRanges.broken(config);
        if (!broken.isEmpty()) {
            throw new ConfigurationException(String.join("; ", broken));
        }
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event, PodWatch pods) {
        pods.start(() -> Quarkus.asyncExit(1));
    }

    /** After the operator's caches, which some of the looks read. */
    void look(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) StartupEvent event, Looks looks) {
        looks.start();
    }

    void stop(@Observes ShutdownEvent event, PodWatch pods, Delivery delivery, Looks looks) {
        looks.close();
        pods.close();
        delivery.close();
    }
}
