package io.tenantpool.testing;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What the {@code *OperandIT} tests need; where it is missing they are skipped with one line, but never in CI. */
public final class OperandTier {
    private OperandTier() {}

    /** A real PgBouncer. */
    public static PgBouncerProgram pgBouncer() {
        Optional<PgBouncerProgram> program = PgBouncerProgram.find();
        if (program.isEmpty()) {
            missing(PgBouncerProgram.HOW_TO_INSTALL);
        }
        return program.orElseThrow();
    }

    /** Every PgBouncer that is here: the usual one, and the one of {@code $PGBOUNCER_OLD} if it is set. */
    public static Stream<PgBouncerProgram> pgBouncers() {
        return Stream.concat(Stream.of(pgBouncer()), PgBouncerProgram.old().stream());
    }

    /** A real PostgreSQL that accepts this many connections. */
    public static EmbeddedPostgresServer postgres(int maxConnections) {
        return started(() -> EmbeddedPostgresServer.start(maxConnections));
    }

    /** A real PostgreSQL whose data outlives it, so that it can be started again. */
    public static EmbeddedPostgresServer postgres(int maxConnections, Path data) {
        return started(() -> EmbeddedPostgresServer.start(maxConnections, data));
    }

    private static EmbeddedPostgresServer started(Supplier<EmbeddedPostgresServer> start) {
        try {
            return start.get();
        } catch (RuntimeException e) {
            missing("the embedded PostgreSQL does not start here: " + e.getMessage());
            throw e;
        }
    }

    private static void missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(what);
        }
        System.err.println("SKIPPED operand tests: " + what);
        Assumptions.abort(what);
    }
}
