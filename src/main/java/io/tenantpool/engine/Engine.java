package io.tenantpool.engine;

import io.tenantpool.model.Finding;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Login;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.TenantCheck;
import io.tenantpool.model.TenantModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What differs between poolers. Pure: no clock, no client, no socket. */
public interface Engine extends TenantCheck {
    /** The files that a running pooler reads again, byte for byte the same for the same content. */
    PoolerFiles render(PoolerContent content);

    /** What {@link #render} wrote, read back from the entries of a pooler Secret. */
    HeldPooler parse(PoolerId id, Map<String, String> entries);

    /** The keys of the console and the salt of a pooler Secret, or empty when it has none. */
    Optional<PoolerKeys> keys(Map<String, String> entries);

    /** How the pooler of a Secret meets its clients. */
    PoolerTls tls(Map<String, String> entries);

    /** The file that a pooler reads once, at its start: a change is a rollout. */
    Map<String, String> settings(ListenerModel listener);

    /**
     * What a tenant asks for that a program of these versions does not know.
     *
     * @param versions as the console tells them; empty while none is known
     */
    Optional<Finding> unsupported(TenantModel tenant, SortedSet<String> versions);

    /** A tenant without what some versions of the program do not know, for pods that did not tell theirs yet. */
    TenantModel careful(TenantModel tenant);

    /**
     * Known holes of a version of the program, by their CVE ids.
     *
     * @param version as the console tells it
     * @return empty also for a version that cannot be read
     */
    List<String> holes(String version);

    /** The oldest version without a known hole. */
    String soundVersion();

    PodShape podShape(ListenerModel listener);

    ConsoleDialect console();

    /**
     * What a failed login means.
     *
     * @param sqlState null when the server sent none
     */
    Login classify(@Nullable String sqlState, String message);
}
