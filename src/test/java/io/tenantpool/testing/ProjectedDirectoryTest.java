package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectedDirectoryTest {
    private static final int UPDATES = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void files_appear_change_and_go() throws IOException {
        ProjectedDirectory projected = new ProjectedDirectory(directory);
        assertThat(projected.write(Map.of("ini", "1", "peer.ini", ""))).isTrue();
        assertThat(directory.resolve("peer.ini")).hasContent("");

        assertThat(projected.write(Map.of("ini", "2"))).isTrue();

        assertThat(directory.resolve("ini")).hasContent("2");
        assertThat(directory.resolve("peer.ini")).doesNotExist();
        assertThat(projected.write(Map.of("ini", "2"))).as("nothing changed").isFalse();
    }

    @Test
    void all_files_change_at_once() throws Exception {
        ProjectedDirectory projected = new ProjectedDirectory(directory);
        projected.write(files(0));
        CompletableFuture<Void> updates = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= UPDATES; i++) {
                projected.write(files(i));
            }
        });
        int whole = 0;
        while (!updates.isDone()) {
            whole += readsWhole() ? 1 : 0;
        }
        updates.join();
        assertThat(whole).isPositive();
        assertThat(directory.resolve("peer.ini")).hasContent(String.valueOf(UPDATES));
    }

    private static Map<String, String> files(int version) {
        return Map.of("pgbouncer.ini", String.valueOf(version), "peer.ini", String.valueOf(version));
    }

    /** Whether one generation could be read to its end before it was removed; it must be of one piece then. */
    private boolean readsWhole() throws IOException {
        try {
            Path generation = directory.resolve("..data").toRealPath();
            String ini = Files.readString(generation.resolve("pgbouncer.ini"));
            assertThat(Files.readString(generation.resolve("peer.ini"))).isEqualTo(ini);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
