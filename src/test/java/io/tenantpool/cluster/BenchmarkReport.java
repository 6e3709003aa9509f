package io.tenantpool.cluster;

import io.tenantpool.testing.BuildDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in Markdown, on the terminal and in {@code target/benchmarks}. */
final class BenchmarkReport {
    private final String title;
    private final List<String> lines = new ArrayList<>();

    BenchmarkReport(String title, List<String> columns) {
        this.title = title;
        lines.add("| " + String.join(" | ", columns) + " |");
        lines.add("|" + String.join("|", Collections.nCopies(columns.size(), "---")) + "|");
    }

    void row(String... cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    void publish(String name) throws IOException {
        String text = "**" + title + "**\n\n" + String.join("\n", lines) + "\n";
        Path directory = BuildDirectory.create(BuildDirectory.resolve("benchmarks"));
        Files.writeString(directory.resolve(name + ".md"), text);
        System.out.println("\n" + text);
    }
}
