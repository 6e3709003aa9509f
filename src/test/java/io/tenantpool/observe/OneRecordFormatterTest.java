package io.tenantpool.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.logging.json.runtime.JsonFormatter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.ColorPatternFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OneRecordFormatterTest {
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{3.}] (%t) %s%e%n";
    private static final String FORGED = "2026-01-01 00:00:00,000 ERROR [io.ten.Forged] (main) all is lost";
    private static final OneRecordFormatter PLAIN = new OneRecordFormatter(new PatternFormatter(PATTERN));
    private static final OneRecordFormatter JSON = new OneRecordFormatter(new JsonFormatter());
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** What ends a line, clears a screen, turns the direction of writing, or ends a quoted text, before a forged line. */
    static Stream<String> hostile() {
        return Stream.of(
                        "\n",
                        "\r\n",
                        "\r",
                        "\u000b",
                        "\f",
                        "\u0085",
                        "\u2028",
                        "\u2029",
                        "\0",
                        "\u001b[2K\u001b[1A",
                        "\u009b2J",
                        "\b\b\b\b",
                        "\u202e",
                        "\u200b",
                        "\u007f",
                        "\ud800",
                        "%n",
                        "{0}",
                        "\\n",
                        "\\u000a")
                .map(text -> text + FORGED);
    }

    static Stream<String> fields() {
        return Stream.of(
                "\",\"level\":\"ERROR\",\"message\":\"forged",
                "\"}\n{\"level\":\"ERROR\",\"message\":\"forged\"}",
                "\\\",\"level\":\"ERROR",
                "\\");
    }

    @ParameterizedTest
    @MethodSource({"hostile", "fields"})
    void a_message_is_one_plain_line_whatever_it_holds(String text) {
        assertThat(PLAIN.format(record("Tenant %s is refused", text)))
                .endsWith("\n")
                .satisfies(line -> assertThat(line.substring(0, line.length() - 1))
                        .contains("Tenant ")
                        .satisfies(OneRecordFormatterTest::hasNothingDangerous));
    }

    @ParameterizedTest
    @MethodSource({"hostile", "fields"})
    void only_indented_lines_follow_the_first_one_when_something_was_thrown(String text) {
        var record = record("PostgreSQL said no to %s", "somebody");
        record.setThrown(thrown(text));

        var lines = List.of(PLAIN.format(record).split("\n", -1));

        assertThat(lines.get(0)).contains("PostgreSQL said no to somebody").doesNotContain("all is lost");
        assertThat(lines.get(lines.size() - 1)).isEmpty();
        assertThat(lines.subList(1, lines.size() - 1)).isNotEmpty().allSatisfy(line -> assertThat(line)
                .matches("\t(\tat |java|Caused by: |Suppressed: ).*")
                .satisfies(all -> hasNothingDangerous(all.replace("\t", ""))));
        // The cause has a cause: it, itself. Each is told once.
        assertThat(lines)
                .filteredOn(line -> line.contains("all is lost") || line.contains("forged"))
                .hasSizeLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource({"hostile", "fields"})
    void a_record_is_one_json_object_with_the_fields_that_it_would_have_anyway(String text) throws Exception {
        var harmless = record("Tenant %s is refused", "acme");
        var hostile = record("Tenant %s is refused", text);
        harmless.setThrown(thrown("no"));
        hostile.setThrown(thrown(text));
        hostile.setMdc(Map.of("resource", text));
        harmless.setMdc(Map.of("resource", "acme"));

        var line = JSON.format(hostile);
        assertThat(line).endsWith("\n");
        hasNothingDangerous(line.substring(0, line.length() - 1));
        var tree = onlyValue(line);

        assertThat(tree.fieldNames()).toIterable().containsExactlyElementsOf(() -> onlyValue(JSON.format(harmless))
                .fieldNames());
        assertThat(tree.path("level").asText()).isEqualTo("WARN");
        assertThat(tree.path("message").asText()).isEqualTo("Tenant " + text + " is refused");
        assertThat(tree.path("mdc").path("resource").asText()).isEqualTo(text);
    }

    @Property(tries = 2_000)
    void no_text_at_all_makes_a_second_line(@ForAll String text) {
        var plain = PLAIN.format(record("%s", text));
        var json = JSON.format(record("%s", text));

        hasNothingDangerous(plain.substring(0, plain.length() - 1));
        hasNothingDangerous(json.substring(0, json.length() - 1));
        assertThat(onlyValue(json).path("level").asText()).isEqualTo("WARN");
    }

    @org.junit.jupiter.api.Test
    void the_colours_of_a_terminal_are_those_of_the_format_and_nobody_else_s() {
        var colours = new OneRecordFormatter(new ColorPatternFormatter(PATTERN));

        assertThat(colours.format(record("%s", "\u001b[31mred")))
                .contains("\u001b[")
                .contains("\\u001b[31mred");
    }

    private static ExtLogRecord record(String format, String text) {
        var record = new ExtLogRecord(
                Level.WARN, format, ExtLogRecord.FormatStyle.PRINTF, OneRecordFormatterTest.class.getName());
        record.setParameters(new Object[] {text});
        record.setLoggerName("io.tenantpool.Some");
        record.setThreadName("main");
        return record;
    }

    private static Throwable thrown(String text) {
        var cause = new SQLException(text);
        var thrown = new IllegalStateException("wrapped", cause);
        cause.initCause(thrown);
        return thrown;
    }

    private static JsonNode onlyValue(String line) {
        try (JsonParser parser = STRICT.createParser(line)) {
            JsonNode tree = parser.readValueAsTree();
            assertThat(parser.nextToken()).isNull();
            return tree;
        } catch (java.io.IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static void hasNothingDangerous(String line) {
        assertThat(line.codePoints()
                        .map(Character::getType)
                        .filter(type -> type == Character.CONTROL
                                || type == Character.FORMAT
                                || type == Character.LINE_SEPARATOR
                                || type == Character.PARAGRAPH_SEPARATOR
                                || type == Character.SURROGATE))
                .as(line)
                .isEmpty();
    }
}
