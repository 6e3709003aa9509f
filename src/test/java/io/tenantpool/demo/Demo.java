package io.tenantpool.demo;

import io.tenantpool.testing.BuildDirectory;
import io.tenantpool.testing.PgBouncerProgram;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code ./demo}: tells the story and stays up; {@code ./demo --once}: tells it, checks it and ends. */
public final class Demo {
    private Demo() {}

    /** Runs the demo; the exit code is 0 only if everything that it promises happened. */
    public static void main(String[] arguments) throws IOException {
        Path directory = BuildDirectory.create(BuildDirectory.resolve("demo"));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What libraries have to say goes to a file: the screen belongs to the story.
        System.setErr(new PrintStream(
                new FileOutputStream(directory.resolve("demo.log").toFile()), true, StandardCharsets.UTF_8));
        Logger.getLogger("").setLevel(Level.SEVERE);
        boolean once = Arrays.asList(arguments).contains("--once");
        System.exit(run(new Narrator(out), directory, once));
    }

    private static int run(Narrator narrator, Path directory, boolean once) {
        Optional<PgBouncerProgram> program = PgBouncerProgram.find();
        if (program.isEmpty()) {
            narrator.line(PgBouncerProgram.HOW_TO_INSTALL);
            return 2;
        }
        try (DemoWorld world = DemoWorld.start(narrator, program.get(), directory)) {
            DemoStory story = new DemoStory(narrator, world);
            story.tell();
            story.printConnectionStrings();
            if (!once) {
                narrator.line("");
                narrator.line("Everything stays up until Ctrl-C. Operator log: " + shortened(directory));
                stayUp(world, narrator);
            }
            narrator.line("");
            narrator.line(story.summary());
            return 0;
        } catch (DemoFailure | IllegalStateException e) {
            narrator.line("");
            narrator.line("FAILED: " + firstLine(e));
            narrator.line("Operator log: " + shortened(directory));
            e.printStackTrace();
            return 1;
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("for no reason given");
    }

    private static String shortened(Path directory) {
        return BuildDirectory.projectRoot().relativize(directory).resolve(DemoWorld.OPERATOR_LOG) + "";
    }

    private static void stayUp(DemoWorld world, Narrator narrator) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            world.close();
            narrator.line("Stopped.");
        }));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
