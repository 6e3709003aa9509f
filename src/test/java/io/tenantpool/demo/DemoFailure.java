package io.tenantpool.demo;

/** Something that the demo promises did not happen; the message says what. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message);
    }
}
