package io.tenantpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A threat without a test that exists is a wish. */
class ThreatModelTest {
    private static final Pattern NAMED = Pattern.compile("`([\\w.]+)`");
    private static final Pattern WORD = Pattern.compile("[\\w.]+");
    private static final String LATER = "later:";
    private static final Map<String, String> TESTS = new TreeMap<>();
    private static final List<Threat> THREATS = new ArrayList<>();

    /** A row of the table. */
    private record Threat(String number, String threat, String by, String control, String tests) {
        private List<String> existing() {
            return NAMED.matcher(tests.split(LATER, 2)[0])
                    .results()
                    .map(match -> match.group(1))
                    .toList();
        }

        private Stream<String> later() {
            return tests.contains(LATER)
                    ? WORD.matcher(tests.split(LATER, 2)[1]).results().map(match -> match.group())
                    : Stream.of();
        }
    }

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (var file : files.filter(path -> path.toString().matches(".*(Test|IT)\\.java"))
                    .toList()) {
                TESTS.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        for (var line : Files.readAllLines(Path.of("docs/threat-model.md"))) {
            if (line.matches("\\| T\\d+ \\|.*")) {
                var cells = line.split("\\s*\\|\\s*", -1);
                assertThat(cells).as(line).hasSize(7);
                THREATS.add(new Threat(cells[1], cells[2], cells[3], cells[4], cells[5]));
            }
        }
        System.out.printf(
                "Threat model: %d threats, %d of them with a test that exists%n",
                THREATS.size(),
                THREATS.stream().filter(row -> !row.existing().isEmpty()).count());
    }

    @Test
    void every_threat_has_a_number_an_actor_a_control_and_a_test() {
        assertThat(THREATS).hasSizeGreaterThan(20).allSatisfy(row -> {
            assertThat(row.number()).isEqualTo("T" + (THREATS.indexOf(row) + 1));
            assertThat(List.of(row.threat(), row.by(), row.control(), row.tests()))
                    .as(row.number())
                    .noneMatch(String::isBlank);
            assertThat(!row.existing().isEmpty() || row.later().findAny().isPresent())
                    .as(row.number() + " names a test")
                    .isTrue();
        });
    }

    @Test
    void every_test_that_is_named_exists() {
        assertThat(THREATS).allSatisfy(row -> assertThat(row.existing())
                .as(row.number() + ": there is no such test")
                .allMatch(ThreatModelTest::exists));
    }

    @Test
    void a_test_that_was_to_come_is_named_as_one_when_it_is_there() {
        assertThat(THREATS).allSatisfy(row -> assertThat(row.later())
                .as(row.number() + ": these exist now; put them in backticks, before '" + LATER + "'")
                .noneMatch(ThreatModelTest::exists));
    }

    /** @param name of a class, or of a class and its method */
    private static boolean exists(String name) {
        var parts = name.split("\\.", 2);
        var source = TESTS.getOrDefault(parts[0], "");
        return !source.isEmpty()
                && (parts.length == 1
                        || Pattern.compile("void\\s+" + parts[1] + "\\(")
                                .matcher(source)
                                .find());
    }
}
