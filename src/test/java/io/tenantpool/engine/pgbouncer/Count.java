package io.tenantpool.engine.pgbouncer;

import java.util.Set;
import java.util.TreeSet;

/** What became of a corpus. */
final class Count {
    private final Set<String> fields = new TreeSet<>();
    private int texts;
    private int refused;
    private int held;
    private int escaped;

    void tried(String field) {
        fields.add(field);
        texts++;
    }

    int texts() {
        return texts;
    }

    void refused() {
        refused++;
    }

    void held(boolean asMeant) {
        if (asMeant) {
            held++;
        } else {
            escaped++;
        }
    }

    int escaped() {
        return escaped;
    }

    /** Whether everything that was tried was also judged. */
    boolean isComplete() {
        return texts > 0 && texts == refused + held + escaped;
    }

    @Override
    public String toString() {
        return "%d fields, %d texts: %d refused, %d held as meant, %d escaped"
                .formatted(fields.size(), texts, refused, held, escaped);
    }
}
