package io.espalier.plugin.images;

/**
 * An image in memory: unsigned bytes, rows from the top, channels of a pixel together.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 */
record Picture(int height, int width, int channels, byte[] bytes) {

    private static final int RED = 19595;
    private static final int GREEN = 38470;
    private static final int BLUE = 7471;
    private static final int HALF = 0x8000;
    private static final int SHIFT = 16;

    int at(int index) {
        return bytes[index] & 0xFF;
    }

    /** In shades of grey, with the weights of ITU-R 601-2. */
    Picture grey() {
        if (channels == 1) {
            return this;
        }
        byte[] shades = new byte[height * width];
        for (int i = 0; i < shades.length; i++) {
            shades[i] = (byte) (at(3 * i) * RED + at(3 * i + 1) * GREEN + at(3 * i + 2) * BLUE + HALF >> SHIFT);
        }
        return new Picture(height, width, 1, shades);
    }

    /** In colours; a shade of grey has three equal ones. */
    Picture coloured() {
        if (channels == 3) {
            return this;
        }
        byte[] colours = new byte[3 * bytes.length];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = bytes[i / 3];
        }
        return new Picture(height, width, 3, colours);
    }

    /** The middle of the image; where it is smaller, black is added around it. */
    Picture cropped(int toHeight, int toWidth) {
        int top = (int) Math.rint((height - toHeight) / 2.0);
        int left = (int) Math.rint((width - toWidth) / 2.0);
        byte[] middle = new byte[toHeight * toWidth * channels];
        for (int y = Math.max(0, -top); y < Math.min(toHeight, height - top); y++) {
            int x = Math.max(0, -left);
            int count = Math.min(toWidth, width - left) - x;
            System.arraycopy(
                    bytes,
                    ((y + top) * width + x + left) * channels,
                    middle,
                    (y * toWidth + x) * channels,
                    count * channels);
        }
        return new Picture(toHeight, toWidth, channels, middle);
    }
}
