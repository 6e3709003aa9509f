package io.tenantpool.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Looks at the certificate that a pooler shows to a client, whoever signed it. */
public final class ServedCertificate {
    /** https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest. */
    private static final int SSL_REQUEST = 80877103;

    private ServedCertificate() {}

    /** SHA-256 of the certificate, in lower-case hex. */
    public static String fingerprint(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5000);
            socket.setSoTimeout(5000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(8);
            out.writeInt(SSL_REQUEST);
            out.flush();
            if (new DataInputStream(socket.getInputStream()).readByte() != 'S') {
                return "plain text";
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            try (SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true)) {
                secure.startHandshake();
                byte[] encoded = secure.getSession().getPeerCertificates()[0].getEncoded();
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
            }
        } catch (IOException | GeneralSecurityException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
