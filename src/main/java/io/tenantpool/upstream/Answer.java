package io.tenantpool.upstream;

/** What came of asking a server. */
sealed interface Answer {
    /** The server told. */
    record Told(ServerSettings settings) implements Answer {}

    /**
     * It did not.
     *
     * @param words for people; without a secret, and the same each time for the same cause
     */
    record Failed(Problem problem, String words) implements Answer {}

    /** Who has to do something about it. */
    enum Problem {
        /** There is no server, or it is silent. */
        UNREACHABLE,
        /** It does not let the role in. */
        AUTHENTICATION_FAILED,
        /** It does not encrypt, or is not who it should be. */
        NOT_BELIEVED,
        /** It has other words. */
        OTHER
    }
}
