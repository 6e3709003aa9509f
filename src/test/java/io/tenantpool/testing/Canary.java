package io.tenantpool.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A text that must stay in its Secret, in every form in which it could be written elsewhere: as it is, as hex digits, and
 * inside of a longer text in Base64, which begins in one of three ways.
 *
 * @param name what it is, for a report that must not hold the text itself
 */
public record Canary(String name, Set<String> forms) {
    private static final int SHORTEST = 16;

    /**
     * Nothing in the text has to be quoted in JSON, YAML or a URL, so no such form is missing.
     *
     * @param text at least 16 characters, so that it is nowhere by accident
     */
    public static Canary of(String name, String text) {
        if (text.length() < SHORTEST) {
            throw new IllegalArgumentException(name + " is too short to be searched for");
        }
        Set<String> forms = new LinkedHashSet<>();
        forms.add(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        addEncoded(forms, bytes);
        return new Canary(name, forms);
    }

    /** The second line of a private key in PEM: the first one begins as all keys do, and later ones are public. */
    public static Canary ofKey(String name, String pem) {
        return of(name, pem.lines().skip(2).findFirst().orElseThrow());
    }

    /** A part of a password that is nowhere else. */
    public static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The form that this text holds, if it holds one. */
    public Optional<String> in(String text) {
        return forms.stream().filter(text::contains).findFirst();
    }

    private static void addEncoded(Set<String> forms, byte[] text) {
        forms.add(HexFormat.of().formatHex(text));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + text.length];
            System.arraycopy(text, 0, shifted, before, text.length);
            // The first and the last characters also depend on what stands around.
            int whole = shifted.length / 3 * 4;
            int from = before == 0 ? 0 : 4;
            for (Base64.Encoder encoder : Arrays.asList(Base64.getEncoder(), Base64.getUrlEncoder())) {
                forms.add(encoder.encodeToString(shifted).substring(from, whole));
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
