package io.tenantpool.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which cell a tenant is in. Cells are numbered from {@value PoolerId#FIRST_CELL} on and filled one after the other; a
 * Dedicated tenant has a cell of its own. Who is in a cell stays there: moving would cut its clients off.
 */
final class Cells {
    /** Bytes of a pooler's files; a Kubernetes Secret holds 1 MiB. */
    static final int MAX_BYTES_PER_POOLER = 1_000_000;

    /** A digit first, as of every cell's name, so that no listener's name can be taken for it. */
    private static final String DEDICATED = "0d";

    private final int maxTenants;
    private final Map<String, String> cellOf = new HashMap<>();
    private final Map<String, Integer> tenants = new HashMap<>();
    private final Map<String, Integer> bytes = new HashMap<>();

    Cells(int maxTenants) {
        this.maxTenants = maxTenants;
    }

    static boolean isDedicated(String cell) {
        return cell.startsWith(DEDICATED);
    }

    /** The cell of a tenant, or null when it has none yet. */
    @Nullable
    String of(String tenantUid) {
        return cellOf.get(tenantUid);
    }

    void put(String tenantUid, String cell, int size) {
        if (cellOf.put(tenantUid, cell) == null) {
            tenants.merge(cell, 1, Integer::sum);
        }
        bytes.merge(cell, size, Integer::sum);
    }

    /** Whether the files of a tenant's cell can grow by as much. */
    boolean fits(String tenantUid, int growth) {
        var cell = cellOf.get(tenantUid);
        return growth <= 0 || cell == null || bytes.getOrDefault(cell, 0) + growth <= MAX_BYTES_PER_POOLER;
    }

    void grow(String tenantUid, int growth) {
        var cell = cellOf.get(tenantUid);
        if (cell != null) {
            bytes.merge(cell, growth, Integer::sum);
        }
    }

    /** The cell for a tenant that has none; a new one when the others are full. */
    String choose(String tenantUid, boolean dedicated, int size) {
        return dedicated ? dedicated(tenantUid) : shared(size);
    }

    private String shared(int size) {
        for (var number = 0; ; number++) {
            var cell = Integer.toString(number);
            if (tenants.getOrDefault(cell, 0) < maxTenants
                    && bytes.getOrDefault(cell, 0) + size <= MAX_BYTES_PER_POOLER) {
                return cell;
            }
        }
    }

    private String dedicated(String tenantUid) {
        for (var attempt = 0; ; attempt++) {
            var cell = DEDICATED + hash(tenantUid + "/" + attempt);
            if (!tenants.containsKey(cell)) {
                return cell;
            }
        }
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The cells that hold somebody, and the first one, which every PoolerCluster has. */
    Set<String> used() {
        var used = new TreeSet<String>(tenants.keySet());
        used.add(PoolerId.FIRST_CELL);
        return used;
    }
}
