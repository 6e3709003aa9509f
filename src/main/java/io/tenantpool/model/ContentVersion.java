package io.tenantpool.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Changes with everything that a login depends on; the sizes of the pools do not. */
final class ContentVersion {
    private static final int LENGTH = 16;

    private ContentVersion() {}

    static String of(Map<String, Placed> doors, Hmac hmac) {
        var parts = new ArrayList<String>();
        doors.forEach((listener, tenant) -> {
            parts.addAll(List.of(
                    listener,
                    tenant.poolName(),
                    tenant.database(),
                    tenant.upstream().host(),
                    Integer.toString(tenant.upstream().port())));
            for (var role : tenant.roles()) {
                parts.add(role.name());
                parts.add(role.password().value());
            }
        });
        return hmac.of(parts.toArray(String[]::new)).substring(0, LENGTH);
    }
}
