package io.tenantpool.engine.pgbouncer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads back what {@link Ini} wrote; nothing else needs to be understood. */
final class IniReader {
    private static final String SEPARATOR = " = ";

    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();

    IniReader(String text) {
        var section = "";
        for (var line : text.split("\n", -1)) {
            var separator = line.indexOf(SEPARATOR);
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (separator > 0) {
                sections.computeIfAbsent(section, name -> new LinkedHashMap<>())
                        .put(line.substring(0, separator), line.substring(separator + SEPARATOR.length()));
            }
        }
    }

    /** The lines of a section by their key; empty when there is none. */
    Map<String, String> section(String name) {
        return sections.getOrDefault(name, Map.of());
    }

    /** The hosts of {@code [peers]} by their id. */
    SortedMap<Integer, String> peers() {
        var peers = new TreeMap<Integer, String>();
        section("peers").forEach((id, value) -> {
            var end = value.indexOf(' ');
            if (value.startsWith("host=") && end > 0 && id.chars().allMatch(Character::isDigit)) {
                peers.put(Integer.parseInt(id), value.substring("host=".length(), end));
            }
        });
        return peers;
    }
}
