package io.tenantpool.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A keyed digest: equal text, equal digest, and no oracle for who lacks the salt. */
public final class Hmac {
    private final SecretKeySpec key;

    public Hmac(Secret salt) {
        key = new SecretKeySpec(salt.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /**
     * The digest of {@code parts}, each bounded by its length so that no two lists collide.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String of(String... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (var part : parts) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                mac.update(bytes);
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
