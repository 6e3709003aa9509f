package io.tenantpool.model;

/** A text that is never printed. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
