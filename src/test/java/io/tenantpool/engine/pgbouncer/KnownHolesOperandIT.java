package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.RealPooler;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownHolesOperandIT {
    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void what_the_program_says_of_its_version_tells_its_known_holes(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), Given.content())) {
            var row = pooler.ask(new PgBouncerEngine().console().versionQuery()).get(0);

            var holes = new PgBouncerEngine().holes(row.values().iterator().next());

            assertThat(holes.isEmpty()).isEqualTo(!program.version().matches("1\\.2[45]\\..*|1\\.26\\.0"));
        }
    }
}
