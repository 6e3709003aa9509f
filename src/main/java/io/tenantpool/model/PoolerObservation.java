package io.tenantpool.model;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a pooler's pods when a plan is made.
 *
 * @param pods that run, whether they take traffic, start or stop
 * @param stillServed names that were let go but that some pod may still serve
 * @param stillOpen by upstream: the shares of pools that were let go but that some pod may still have
 * @param settled UIDs of tenants whose pools hold no more server connections than they may, on every pod
 * @param empty UIDs of drained tenants without a client on any pod
 * @param peers addresses of the pods by their peer id; null before it is known which ones the content has, as after a
 *     restart of the operator
 */
public record PoolerObservation(
        int pods,
        Set<String> stillServed,
        Map<String, Integer> stillOpen,
        Set<String> settled,
        Set<String> empty,
        @Nullable SortedMap<Integer, String> peers) {}
