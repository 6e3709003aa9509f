package io.tenantpool.model;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses and blocks of them, told apart from host names without asking DNS. */
public final class IpBlocks {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** Without leading zeros, which some programs read as octal numbers and the API server refuses. */
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private IpBlocks() {}

    /** The block that holds this address and no other; empty when {@code host} is a name. */
    public static Optional<String> single(String host) {
        return IPV4.matcher(host).matches()
                ? Optional.of(host + "/" + IPV4_BITS)
                : ipv6(host).map(IpBlocks::single);
    }

    /** Whether this is a block as the API server takes it, such as {@code 10.0.0.0/8}. */
    public static boolean isBlock(String cidr) {
        var slash = cidr.indexOf('/');
        var bits = cidr.substring(slash + 1);
        return slash > 0
                && bits.matches("0|[1-9][0-9]{0,2}")
                && Integer.parseInt(bits) <= bitsOf(cidr.substring(0, slash));
    }

    private static String single(InetAddress ipv6) {
        // ::ffff:10.0.0.1 is sent as IPv4, and refused in a block.
        return ipv6.getHostAddress() + "/" + (ipv6 instanceof Inet4Address ? IPV4_BITS : IPV6_BITS);
    }

    private static int bitsOf(String address) {
        if (IPV4.matcher(address).matches()) {
            return IPV4_BITS;
        }
        return ipv6(address).filter(Inet6Address.class::isInstance).isPresent() ? IPV6_BITS : -1;
    }

    private static Optional<InetAddress> ipv6(String text) {
        if (!text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text)); // with a colon it is never looked up
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
