package io.tenantpool.engine;

import io.tenantpool.model.PoolUsage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a pooler's console lists its pools: one row for each user of a database. Columns are named, because versions
 * insert new ones between them.
 *
 * @param query yields the rows
 * @param name the column with the pool's name
 * @param active number of server connections that clients use right now
 * @param servers columns whose sum is the number of server connections; a version may lack some
 * @param clients columns whose sum is the number of clients; a version may lack some
 * @param waiting number of clients that wait for a server connection
 * @param maxWaitSeconds whole seconds that the first of them has waited
 * @param maxWaitMicros and the microseconds beyond
 */
public record PoolTable(
        String query,
        String name,
        String active,
        List<String> servers,
        List<String> clients,
        String waiting,
        String maxWaitSeconds,
        String maxWaitMicros) {

    /**
     * What a row says.
     *
     * @param row the number in a column, null when there is no such column
     * @throws IllegalArgumentException when a column is missing without which the row means nothing
     */
    public PoolUsage usage(Function<String, @Nullable Long> row) {
        return new PoolUsage(
                Math.toIntExact(number(row, active)),
                sum(row, servers),
                sum(row, clients),
                Math.toIntExact(number(row, waiting)),
                Duration.ofSeconds(number(row, maxWaitSeconds)).plus(number(row, maxWaitMicros), ChronoUnit.MICROS));
    }

    private static int sum(Function<String, @Nullable Long> row, List<String> columns) {
        return Math.toIntExact(columns.stream()
                .flatMap(column -> Optional.ofNullable(row.apply(column)).stream())
                .mapToLong(Long::longValue)
                .sum());
    }

    private static long number(Function<String, @Nullable Long> row, String column) {
        var number = row.apply(column);
        if (number == null) {
            throw new IllegalArgumentException("the console's list of pools has no column " + column);
        }
        return number;
    }
}
