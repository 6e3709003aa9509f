package io.tenantpool.engine.pgbouncer;

import io.tenantpool.model.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes and reads {@code auth_file}: {@code "name" "secret"}, with double quotes doubled and nothing else escaped. A
 * malformed line would blank every user after it, so nothing malformed is ever written.
 */
final class UserList {
    private static final Pattern LINE =
            Pattern.compile("\"([^\"]*+(?:\"\"[^\"]*+)*+)\" \"([^\"]*+(?:\"\"[^\"]*+)*+)\"");

    private UserList() {}

    static String write(Map<String, Secret> users) {
        var text = new StringBuilder();
        users.forEach((name, secret) -> text.append(quote(name))
                .append(' ')
                .append(quote(secret.value()))
                .append('\n'));
        return text.toString();
    }

    /** The users of a file that {@link #write} wrote, in their order; lines of another form are passed over. */
    static Map<String, Secret> read(String text) {
        var users = new LinkedHashMap<String, Secret>();
        text.lines()
                .map(LINE::matcher)
                .filter(m -> m.matches())
                .forEach(m -> users.put(unquote(m.group(1)), new Secret(unquote(m.group(2)))));
        return users;
    }

    private static String quote(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            throw new IllegalArgumentException("an empty text or a control character would corrupt the user list");
        }
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String unquote(String text) {
        return text.replace("\"\"", "\"");
    }
}
