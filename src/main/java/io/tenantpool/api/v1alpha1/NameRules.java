package io.tenantpool.api.v1alpha1;

/**
 * The forms of names in the schema, as regular expressions and CEL.
 *
 * <p>They are narrower than PostgreSQL and Kubernetes, because every name ends up in a line of the pooler's
 * files: what these patterns refuse can never become a second key, line or section there.
 */
public final class NameRules {
    /** Without a dash, so that the names of a PoolerCluster and a listener joined by one can be told apart again. */
    public static final String LISTENER = "^[a-z][a-z0-9]*$";

    /** A DNS label; its length is bounded where it is used. */
    public static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /** A DNS label that begins with a letter, as the names of Services must, which begin with it. */
    public static final String POOLER_CLUSTER_NAME = "^[a-z]([-a-z0-9]*[a-z0-9])?$";

    /** The name of a Kubernetes object such as a Secret. */
    public static final String DNS_SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /** A key in a Secret. */
    public static final String SECRET_KEY = "^[-._A-Za-z0-9]+$";

    /** What clients ask for; at most 63 bytes, which PostgreSQL and the poolers have in common. */
    public static final String POOL_NAME = "^[a-z0-9_][a-z0-9_.-]{0,62}$";

    /** The name of a database in PostgreSQL. */
    public static final String DATABASE = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$";

    /**
     * One DNS name, IPv4 or IPv6 address. No list ({@code ,}), socket path ({@code /}), user ({@code @}) or zone
     * ({@code %}), since poolers give some of them a meaning of their own.
     */
    public static final String HOST =
            "^([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*\\.?"
                    + "|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,44})$";

    /** A block of IPv4 addresses, or what looks like one of IPv6 addresses; the latter is parsed by the operator. */
    public static final String CIDR = "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}"
            + "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])"
            + "|[0-9a-f]{0,4}:[0-9a-f:]{1,34}/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$";

    /** An image reference: no spaces or control characters. */
    public static final String IMAGE = "^[A-Za-z0-9][A-Za-z0-9._:/@-]*$";

    /** The value of a label; empty is allowed. */
    public static final String LABEL_VALUE = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$";

    /** The key of a label in a selector, exactly as the API server takes it when it has at most 253 characters. */
    public static final String SELECTOR_KEY = "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
            + "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";

    /** CEL for the labels of a selector. */
    public static final String SELECTOR_KEYS = "self.all(k, size(k) <= 253 && k.matches('" + SELECTOR_KEY + "'))";

    /** CEL for a map whose keys are keys of labels or annotations. */
    static final String LABEL_KEYS =
            "self.all(k, k.matches('^([a-z0-9][-.a-z0-9]{0,252}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))";

    /** Pool and role names with this prefix belong to the operator. */
    public static final String RESERVED_PREFIX = "tenantpool_";

    /** A CEL list of pool names that mean something else to a pooler, its access rules or PostgreSQL. */
    static final String RESERVED_POOL_NAMES = "['pgbouncer', 'all', 'replication', 'sameuser', 'samerole', 'admin',"
            + " 'postgres', 'template0', 'template1']";

    /** What a message says of {@link #RESERVED_POOL_NAMES} and {@link #RESERVED_PREFIX}. */
    static final String RESERVED_TEXT = "pgbouncer, all, replication, sameuser, samerole, admin, postgres, template0,"
            + " template1 and everything that begins with " + RESERVED_PREFIX;

    private NameRules() {}
}
