package io.tenantpool.testing;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The text that a user would apply, with its place-holders filled in. */
final class Manifest {
    private Manifest() {}

    /** The manifest with each place-holder replaced by the argument after it. */
    static String text(String manifest, String... replacements) {
        String text = manifest;
        for (int i = 0; i < replacements.length; i += 2) {
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        return text;
    }

    /** As {@link #text}, in the form that the client loads. */
    static InputStream stream(String manifest, String... replacements) {
        return new ByteArrayInputStream(text(manifest, replacements).getBytes(StandardCharsets.UTF_8));
    }
}
