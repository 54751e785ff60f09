package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;

/** A setting whose value was looked at. */
final class ValidSetting {

    private ValidSetting() {}

    /**
     * The value of a setting.
     *
     * @param valid whether it can be used
     * @param advice what to give instead
     * @throws InputRefusedException when it cannot
     */
    static <T> T of(String name, T value, boolean valid, String advice) {
        if (!valid) {
            throw InputRefusedException.setting(Reason.REQUEST, name, name + " cannot be " + value + "; " + advice);
        }
        return value;
    }
}
