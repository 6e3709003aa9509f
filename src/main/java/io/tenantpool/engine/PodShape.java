package io.tenantpool.engine;

import java.util.List;

/**
 * How a pooler runs in its container.
 *
 * @param workingDir the files' names are relative to it
 * @param live where the pooler Secret is mounted, relative to {@code workingDir}
 * @param settings where the settings are mounted, relative to {@code workingDir}
 * @param preStop runs before the process gets SIGTERM; whatever it doesn't end has the rest of the grace to end itself
 * @param projected entries of the pooler Secret that the pod sees
 * @param perPod the file among them, in {@code live}, with what differs between pods: the text of an annotation
 */
public record PodShape(
        List<String> command,
        String workingDir,
        String live,
        String settings,
        List<String> preStop,
        List<String> projected,
        String perPod) {}
