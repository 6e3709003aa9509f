package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.TenantNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What Secrets of others cost the operator in memory. Not in every build: they take 300 MB of the API server's memory and
 * as much of etcd. FleetOperandIT sees in every build that no Secret is listed or watched but by a label of ours.
 */
class ForeignSecretsBenchmark {
    private static final int SECRETS = Integer.getInteger("bench.secrets", 300);
    private static final int BYTES = 1_000_000;
    private static final double AT_MOST = 1.05;
    private static final Duration REST = Duration.ofSeconds(30);

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(1);

    @Test
    void theMemoryOfTheOperatorDoesNotGrowWithSecretsOfOthers() throws IOException {
        POOLER.tenants().ready("resident");
        long before = restingKilobytes();

        String others = POOLER.cluster().createNamespace("foreign-secrets", Map.of());
        try {
            TenantNamespace.inParallel(IntStream.range(0, SECRETS).boxed().toList(), number -> create(others, number));
            long with = restingKilobytes();
            POOLER.cluster().restartOperator();
            POOLER.tenants().ready("newcomer");
            long restarted = restingKilobytes();

            BenchmarkReport report = new BenchmarkReport(
                    SECRETS + " Secrets of " + BYTES + " bytes without a label",
                    List.of("resident memory of the operator", "kB", "of the first"));
            report.row("without them", Long.toString(before), "100 %");
            report.row("with them", Long.toString(with), percent(with, before));
            report.row(
                    "an operator that was started beside them", Long.toString(restarted), percent(restarted, before));
            report.publish("foreign-secrets");
            assertThat((double) with / before).isLessThanOrEqualTo(AT_MOST);
            assertThat((double) restarted / before).isLessThanOrEqualTo(AT_MOST);
        } finally {
            POOLER.cluster().deleteNamespace(others);
        }
    }

    private static void create(String namespace, int number) {
        byte[] content = new byte[BYTES];
        new Random(number).nextBytes(content); // nothing on the way can compress it
        POOLER.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("foreign-" + number)
                        .endMetadata()
                        .addToData("blob", Base64.getEncoder().encodeToString(content))
                        .build())
                .create();
    }

    /** Once it has hardly changed for a while: a JVM that works takes more of its heap before it collects. */
    private static long restingKilobytes() {
        long[] last = {residentKilobytes()};
        await("the operator's memory rests")
                .pollInterval(Duration.ofSeconds(1))
                .atMost(REST.multipliedBy(10))
                .during(REST)
                .until(() -> {
                    long now = residentKilobytes();
                    boolean same = Math.abs(now - last[0]) * 100 <= last[0];
                    last[0] = same ? last[0] : now;
                    return same;
                });
        return last[0];
    }

    private static long residentKilobytes() {
        Path status = Path.of(
                "/proc", Long.toString(POOLER.cluster().operator().handle().pid()), "status");
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String percent(long part, long whole) {
        return Math.round(100.0 * part / whole) + " %";
    }
}
