package io.tenantpool.observe;

import java.util.Locale;

/** Text of others, made fit for a line of the log. */
final class LogText {
    private LogText() {}

    /**
     * The text with everything that breaks a line, moves a cursor or turns the direction of writing replaced by its
     * number ({@code \}{@code u000a}), which is also what it is called inside of a JSON text.
     */
    static String escaped(String text) {
        if (text.codePoints().noneMatch(LogText::isDangerous)) {
            return text;
        }
        var safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (isDangerous(character)) {
                for (var unit : Character.toChars(character)) {
                    safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            } else {
                safe.appendCodePoint(character);
            }
        });
        return safe.toString();
    }

    private static boolean isDangerous(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
