package io.tenantpool.engine.pgbouncer;

/**
 * Writes PgBouncer's ini format. A value stands in single quotes with quotes doubled; nothing else is special inside.
 * There is no escape for a line feed: whoever has one has to refuse it before (config.md of PgBouncer, "Generic
 * settings"; measured on 1.24.1 and 1.26.1).
 */
final class Ini {
    private final StringBuilder text = new StringBuilder();

    Ini section(String name) {
        text.append('[').append(name).append("]\n");
        return this;
    }

    Ini set(String key, String value) {
        text.append(key).append(" = ").append(safe(value)).append('\n');
        return this;
    }

    Ini set(String key, int value) {
        return set(key, Integer.toString(value));
    }

    Ini include(String file) {
        text.append("%include ").append(safe(file)).append('\n');
        return this;
    }

    /** A quoted connect-string value: {@code key='value'}. */
    static String quoted(String key, String value) {
        return key + "='" + safe(value).replace("'", "''") + "'";
    }

    private static String safe(String value) {
        if (value.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            throw new IllegalArgumentException("a control character would end the line");
        }
        return value;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
