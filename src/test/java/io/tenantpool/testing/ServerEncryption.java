package io.tenantpool.testing;

/** SQL that switches TLS of a PostgreSQL on and off from within, so that the files belong to whom it runs as. */
final class ServerEncryption {
    private ServerEncryption() {}

    /** Shows this certificate to new connections; to be run by a superuser in one session. */
    static String[] on(TestCertificates.Pair pair) {
        return new String[] {
            "CREATE TEMP TABLE pem (file text, line text, number serial)",
            insert("server.crt", pair.certificate()),
            insert("server.key", pair.key()),
            "DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['server.crt', 'server.key'] LOOP"
                    + " EXECUTE format('COPY (SELECT line FROM pem WHERE file = %L ORDER BY number) TO PROGRAM %L',"
                    + " name, 'umask 077; cat > \"' || current_setting('data_directory') || '/' || name || '\"');"
                    + " END LOOP; END $$",
            "ALTER SYSTEM SET ssl = on",
            "SELECT pg_reload_conf()"
        };
    }

    /** Encrypts no more. */
    static String[] off() {
        return new String[] {"ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()"};
    }

    private static String insert(String file, String pem) {
        return "INSERT INTO pem (file, line) SELECT '" + file + "', unnest(string_to_array('" + pem.strip()
                + "', E'\\n'))";
    }
}
