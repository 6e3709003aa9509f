package io.tenantpool.model;

import java.util.List;
import java.util.SortedSet;

/**
 * What a pooler serves already, read back from its Secret.
 *
 * @param roles every role of its user list, tombstones among them; the console's own users are not
 */
public record HeldPooler(PoolerId id, List<Placed> tenants, SortedSet<String> roles) {}
