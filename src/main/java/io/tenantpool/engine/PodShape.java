package io.tenantpool.engine;

import java.util.List;

/**
 * How a pooler runs in its container.
 *
 * @param workingDir the files' names are relative to it
 * @param live where the pooler Secret is mounted, relative to {@code workingDir}
 * @param settings where the settings are mounted, relative to {@code workingDir}
 * @param projected entries of the pooler Secret that the pod sees
 * @param preStop ends the process without cutting a transaction; returns when it is gone
 */
public record PodShape(
        List<String> command,
        String workingDir,
        String live,
        String settings,
        List<String> preStop,
        List<String> projected) {}
