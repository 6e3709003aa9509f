package io.tenantpool.api.v1alpha1;

/**
 * Why a condition has its status. The names are the text in {@code reason} and part of the API: scripts and alerts
 * compare them, so a name is never changed or reused. The message beside it gives the numbers and the remedy.
 */
public enum Reason {
    /** Any condition, Unknown: the operator has not seen the object yet. If it lasts, look whether the operator runs. */
    Pending,

    // Tenant, Accepted

    /** Accepted, True: the spec resolves, is allowed and fits. */
    Accepted,
    /**
     * Accepted, False: the PoolerCluster does not exist or does not admit this namespace; both look the same, so that
     * nobody can find out what exists elsewhere. Check {@code spec.poolerClusterRef}, or ask the platform team to
     * create it or to admit the namespace in {@code spec.allowedTenants}.
     */
    PoolerClusterNotFound,
    /** Accepted, False: {@code spec.upstream} is none of the PoolerCluster's upstreams. Ask which there are. */
    UpstreamNotFound,
    /**
     * Accepted, False: the upstream's servers are to be verified and there is no usable CA certificate for it. The
     * PoolerCluster's condition UpstreamsVerified has the reason; it is tried again by itself.
     */
    UpstreamNotVerified,
    /** Accepted, False: an entry of {@code spec.listeners} is none of the PoolerCluster's. Use one that exists. */
    ListenerNotFound,
    /** Accepted, False: a Secret in {@code spec.users} does not exist. Create it in the Tenant's namespace. */
    CredentialsNotFound,
    /**
     * Accepted, False: a Secret in {@code spec.users} has no usable {@code username} or {@code password}: absent,
     * empty, too long or with control characters. Correct the key that the message names.
     */
    CredentialsInvalid,
    /**
     * Accepted, False: PostgreSQL does not know the new password of a role; the one before keeps serving. Correct the
     * Secret, or change the role; it is tried again by itself.
     */
    PasswordRejected,
    /** Accepted, False: another Tenant of the PoolerCluster holds this role, with another Secret. Use another role. */
    RoleNameTaken,
    /** Accepted, False: another Tenant of the PoolerCluster holds this pool name. Set another {@code spec.poolName}. */
    PoolNameTaken,
    /** Accepted, False: the role or pool name belongs to the operator or the pooler. Choose another one. */
    NameReserved,
    /** Accepted, False: a name holds characters that the pooler cannot take; the message gives the pattern. */
    NameInvalid,
    /**
     * Accepted, False: the name was held by a Tenant that is gone, and some pod still serves it. Nothing to do: it is
     * tried again until every pod has dropped it.
     */
    NameStillServed,
    /** Accepted, False: the pool size is below what its users and pods need. Raise it to the number in the message. */
    PoolSizeInvalid,
    /**
     * Accepted, False: the content of the pooler would be larger than Kubernetes stores in one Secret. Ask the platform
     * team for another PoolerCluster.
     */
    TooLarge,

    /**
     * Accepted, False: the Tenant's server connections do not fit into what its upstream has left, or a raise does not;
     * the message has the sum. It is let in by itself when there is room. Ask for less, or ask the platform team to
     * raise {@code connections.max}.
     */
    CapacityExceeded,
    /** Accepted, False: the upstream has not told its {@code max_connections} yet. It is tried again by itself. */
    CapacityUnknown,
    /** Accepted, False: {@code poolSize} is above the PoolerCluster's {@code allowedTenants.maxPoolSize}. Lower it. */
    PoolSizeNotAllowed,
    /** Accepted, False: the namespace has as many Tenants as {@code allowedTenants.maxPerNamespace} lets in. */
    NamespaceFull,
    /** Accepted, False: the PoolerCluster does not let Tenants have pods of their own. Use {@code isolation: Shared}. */
    DedicatedNotAllowed,
    /** Accepted, False: the upstream has no server with the role Replica for this listener. Use another listener. */
    NoReplica,
    /** Accepted, False: a Tenant that shares a role with this one sets another limit for it. Agree on one. */
    LimitsConflict,
    /** Accepted, False: the pooler program that runs does not know a setting. The message names both. */
    NotSupported,

    // Tenant, Programmed and Ready

    /** Programmed and Ready, False: {@code spec.suspend} is set. Remove it to serve the tenant again. */
    Suspended,
    /** Programmed and Ready, False: new logins are refused while the clients that are connected finish. */
    Draining,

    // Both kinds, Programmed

    /** Programmed, False: the content is on its way to the pods. Nothing to do; it takes about a second. */
    Programming,
    /** Programmed, True: every pod in traffic, of every door, serves the current content. */
    Programmed,
    /** Programmed, False: some pods do not show the current content; the message names them. Look at those pods. */
    PodsNotReached,
    /** Programmed, False: no pod of the pooler is in traffic. Look at its Deployment and at its events. */
    NoPods,

    // Tenant, Ready

    /** Ready, False: the logins that prove the content are under way. Nothing to do. */
    Proving,
    /** Ready, True: a login as each user succeeded through every pod in traffic and through the published address. */
    LoginSucceeded,
    /** Ready, False: PostgreSQL has no such database. Create it; it is tried again by itself. */
    DatabaseNotFound,
    /** Ready, False: PostgreSQL refused user name or password. Correct the Secret or the role's password. */
    AuthenticationFailed,
    /** Ready, False: the poolers cannot reach PostgreSQL. Check the server, its address and the network policies. */
    UpstreamUnreachable,
    /**
     * Ready, False: PostgreSQL knows the role but does not let it in, for example NOLOGIN, no CONNECT privilege or too
     * many connections. The message has its words.
     */
    LoginRefused,
    /** Ready, False: a pooler pod or its Service did not take the login. Look at the pod that the message names. */
    PoolerUnreachable,

    // PoolerCluster

    /** Accepted, True: the spec of the PoolerCluster is valid. */
    Valid,
    /**
     * Accepted, False: the API server forbids the operator to write what the PoolerCluster needs. Let it run poolers in
     * the namespace, as the message says.
     */
    NotPermitted,
    /** Accepted, False: the spec cannot be rendered for its engine. Correct the field that the message names. */
    Invalid,
    /**
     * Programmed, False (PoolerCluster), or Ready, False (Tenant): an object with a name that is needed belongs to somebody
     * else and is left alone. Delete or rename the object that the message names.
     */
    NotOwned,
    /** WithinBudget, True: what is promised fits into each upstream's {@code connections}. */
    Fits,
    /**
     * WithinBudget, False: more is promised than an upstream has, since {@code connections}, replicas or pool sizes were
     * edited. Nobody loses what they have; nobody gets more. The message has the sum and the remedy.
     */
    Overcommitted,
    /** WithinBudget, Unknown: an upstream has no {@code connections.max}, so nothing is promised. Set it. */
    NoContract,
    /** Braking, True: more than 85 % of {@code connections.max} are open. Raise it or lower the sizes of the pools. */
    NearlyFull,
    /**
     * Vulnerable, True: pods run a version of the pooler program with holes that are known and closed in a newer one. The
     * message names both; set {@code spec.image} to a newer one.
     */
    KnownHoles,

    /** CertificateValid, True: the operator issues the certificates and renews them. */
    CertificateIssued,
    /** CertificateValid, True: the certificate that {@code spec.tls.certificateSecretRef} names is served. */
    CertificateProvided,
    /**
     * CertificateValid, False: the certificate that {@code spec.tls.certificateSecretRef} names cannot be used or is about
     * to end; the last good one is served, or one that the operator issues. Correct what the message names.
     */
    CertificateInvalid,
    /** CertificateValid, False: pods refused the certificate that they were given. Look at their logs. */
    CertificateNotServed,
    /** UpstreamsVerified, True: the CA certificates that {@code spec.upstreams[].tls} names are usable and in use. */
    Verified,
    /**
     * UpstreamsVerified, False: the Secret of a {@code tls.caSecretRef} is absent, cannot be read or holds no CA
     * certificate; the message says which and what is in use instead. It is tried again by itself.
     */
    CaNotUsable,
    /** UpstreamsVerified, True: the last certificate of a CA expires within 30 days. Add the CA's new one now. */
    CaExpiring,
    /** UpstreamsVerified, False: every certificate of a CA has expired, so poolers refuse its servers. Add a new one. */
    CaExpired,
    /**
     * UpstreamsVerified, False: a server does not encrypt, or shows a certificate that the CA or the host does not
     * fit. Poolers refuse it; the message says which server and why.
     */
    ServerNotVerified,

    /**
     * PasswordsChecked, False: the operator cannot ask the named upstreams whether they know a changed password, so it
     * is served unchecked. Let the operator reach PostgreSQL.
     */
    NotReachable,

    /** Ready, True: every door has a pod that takes clients. */
    Available,
    /** Ready, False: some door has no pod that takes clients. Look at the Deployment that the message names. */
    Unavailable
}
