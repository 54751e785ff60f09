package io.espalier.host;

/**
 * What the doctor says about one thing in a plug-in folder.
 *
 * @param level how bad it is
 * @param subject the plug-in, extension or path
 * @param message what was found
 * @param advice what to do; empty when nothing needs doing
 */
public record Finding(Level level, String subject, String message, String advice) {

    /** How bad a finding is. */
    public enum Level {
        /** Usable, nothing to do. */
        OK,
        /** Usable, or not meant to be a plug-in, but something should be mended. */
        WARNING,
        /** Not used. */
        QUARANTINED
    }
}
