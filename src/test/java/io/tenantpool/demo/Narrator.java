package io.tenantpool.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Says what happens and when, in lines that people read. */
final class Narrator {
    private final PrintStream out;
    private final Instant start = Instant.now();

    Narrator(PrintStream out) {
        this.out = out;
    }

    /** One thing that happened now. */
    void say(String format, Object... arguments) {
        String text = String.format(Locale.ROOT, format, arguments);
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds(start), text);
    }

    /** A line that belongs to the one before. */
    void detail(String format, Object... arguments) {
        out.printf(Locale.ROOT, "          %s%n", String.format(Locale.ROOT, format, arguments));
    }

    /** The name of what comes next. */
    void chapter(String title) {
        out.printf("%n%s%n", title);
    }

    /** A line that stands for itself. */
    void line(String text) {
        out.println(text);
    }

    /** How long the demo has run. */
    double elapsed() {
        return seconds(start);
    }

    static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toNanos() / 1e9;
    }
}
