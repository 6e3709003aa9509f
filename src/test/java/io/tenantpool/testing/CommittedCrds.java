package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The files in {@code crds/}, as users apply them. */
public final class CommittedCrds {
    private static final Path DIRECTORY = Path.of("crds");
    private static final long ESTABLISHED_WITHIN_SECONDS = 120;

    private CommittedCrds() {}

    /** Sorted by file name. */
    public static List<CustomResourceDefinition> read() {
        try (var paths = Files.list(DIRECTORY)) {
            return paths.sorted()
                    .map(path -> Serialization.unmarshal(text(path), CustomResourceDefinition.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies all of them and waits until they are served; harmless when they are there already. */
    public static void install(KubernetesClient client) {
        read().forEach(crd -> install(client, crd));
    }

    /** Applies one and waits until it is served; returns it as the server has it. */
    public static CustomResourceDefinition install(KubernetesClient client, CustomResourceDefinition crd) {
        client.resource(crd)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("tenantpool-test")
                        .withForce(true)
                        .build());
        return client.resource(crd)
                .waitUntilCondition(CommittedCrds::established, ESTABLISHED_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean established(CustomResourceDefinition crd) {
        return Optional.ofNullable(crd).flatMap(c -> Optional.ofNullable(c.getStatus())).stream()
                // A server that has just stored a definition has not judged it yet: it has a status without conditions.
                .flatMap(status -> Optional.ofNullable(status.getConditions()).stream())
                .flatMap(List::stream)
                .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
