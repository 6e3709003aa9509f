package io.tenantpool.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts that mean more than they say to some file, list, path, address or query. */
public final class HostileTexts {
    /** Every character that ends a line, a text or a field somewhere. */
    private static final List<String> CONTROLS = Stream.of(
                    IntStream.range(0, 0x20),
                    IntStream.of(0x7F, 0x80, 0x85, 0x9F, 0xA0, 0x200B, 0x2028, 0x2029, 0xFEFF))
            .flatMapToInt(codes -> codes)
            .mapToObj(Character::toString)
            .toList();

    private static final List<String> TRICKS = List.of(
            "",
            " ",
            "  x",
            "x ",
            "a b",
            "*",
            ".",
            "..",
            "-",
            "pgbouncer",
            "PgBouncer",
            "[pgbouncer]",
            "[databases]",
            "all",
            "replication",
            "postgres",
            "template1",
            "sameuser",
            "tenantpool_",
            "tenantpool_admin",
            "tenantpool_sentinel",
            "tenantpool_exporter",
            "tenantpool.io/peer",
            "tenantpool.io/traffic",
            "tenantpool.io/listener",
            "tenantpool.io/console-keys",
            "app.kubernetes.io/managed-by",
            "%include /etc/passwd",
            "%include",
            "x\n[pgbouncer]\nauth_type = any\n",
            "x\n* = host=evil",
            "x\r\ny = host=evil",
            "x\n%include /dev/stdin",
            "x\nhost all all all trust",
            "\"\nhost all all all trust\n\"",
            "it's",
            "''",
            "'",
            "'; auth_type=any; '",
            "' host='evil",
            "\"",
            "\"\"",
            "\" \"other\" \"",
            "x\" \"mine\"\n\"victim\" \"stolen",
            "say \"hi\"",
            "\\",
            "\\'",
            "\\\"",
            "\\n",
            ";",
            ";comment",
            "x;y",
            "#comment",
            "x #y",
            "p=q host=evil",
            "x=y",
            "\"app\" \"all",
            "x,y",
            "a.example,b.example",
            "+group",
            "@file",
            "@abs",
            "/regex",
            "/sock",
            "../x",
            "../../etc/passwd",
            "x/../y",
            "x%2F..%2Fy",
            "fe80::1%eth0",
            "[::1]",
            "host:5432",
            "user@host",
            "${HOME}",
            "$(id)",
            "`id`",
            "{{ . }}",
            "md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy",
            "True",
            "null",
            "0",
            "-1",
            "ı",
            "İ",
            "é".repeat(40),
            "\u202Etxet",
            "\uFFFD",
            "\uD83D\uDE00");

    private static final List<String> LONG = List.of(
            "a".repeat(63),
            "a".repeat(64),
            "a".repeat(127),
            "a".repeat(128),
            "a".repeat(253),
            "a".repeat(254),
            "p".repeat(1000),
            "p".repeat(1001),
            "a.".repeat(4000),
            "x".repeat(100_000));

    /** What random texts are put together from. */
    private static final String[] PIECES = {
        "a",
        "b",
        "z",
        "A",
        "Z",
        "0",
        "9",
        "_",
        ".",
        "-",
        "$",
        "@",
        "/",
        ":",
        ",",
        ";",
        "#",
        "%",
        "=",
        "*",
        "+",
        "'",
        "''",
        "\"",
        "\"\"",
        "\\",
        " ",
        "\t",
        "\n",
        "\r",
        "\u0000",
        "\u007F",
        "\u0085",
        "\u2028",
        "[pgbouncer]",
        "%include x",
        "pgbouncer",
        "all",
        "tenantpool_",
        "host=",
        "user=",
        "ä",
        "€",
        "漢",
        "\uD83D\uDE00",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "&",
        "?",
        "!",
        "|",
        "~",
        "^",
        "`"
    };

    private HostileTexts() {}

    /** Texts that have hurt somebody, each control character alone, in a text and at its end, and very long ones. */
    public static List<String> known() {
        var texts = new ArrayList<>(TRICKS);
        for (var control : CONTROLS) {
            texts.addAll(List.of(control, "x" + control + "y", "x" + control));
        }
        texts.addAll(LONG);
        return texts;
    }

    /** As many texts that follow from a seed: a third of pieces of syntax, a third printable, a third of any character. */
    public static List<String> random(long seed, int count) {
        var random = new Random(seed);
        return IntStream.range(0, count).mapToObj(i -> random(random, i % 3)).toList();
    }

    private static String random(Random random, int kind) {
        var text = new StringBuilder();
        for (var length = 1 + random.nextInt(kind == 0 ? 12 : 40); length > 0; length--) {
            switch (kind) {
                case 0 -> text.append(PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.append((char) (0x20 + random.nextInt(0x5F)));
                default -> text.appendCodePoint(character(random));
            }
        }
        return text.toString();
    }

    /** Any character but half of a surrogate pair, which no JSON can hold. */
    private static int character(Random random) {
        var limit = random.nextBoolean() ? 0x300 : 0x110000;
        var code = random.nextInt(limit);
        return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE ? 'x' : code;
    }
}
