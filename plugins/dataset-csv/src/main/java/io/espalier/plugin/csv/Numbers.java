package io.espalier.plugin.csv;

/** Numbers as people write them into tables. */
final class Numbers {

    /** Whole numbers up to this are exact as float64. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private static final int SHORT = 9;

    private Numbers() {}

    /** The number a cell holds; NaN when it holds none, or one that is not finite. */
    static double of(String cell) {
        if (cell.isEmpty()) {
            return Double.NaN;
        }
        return cell.length() <= SHORT && cell.chars().allMatch(each -> each >= '0' && each <= '9')
                ? Integer.parseInt(cell)
                : decimal(cell);
    }

    private static double decimal(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            char each = cell.charAt(i);
            boolean known = each >= '0' && each <= '9'
                    || each == '.'
                    || each == '-'
                    || each == '+'
                    || each == 'e'
                    || each == 'E';
            if (!known) {
                return Double.NaN;
            }
        }
        try {
            double number = Double.parseDouble(cell);
            return Double.isFinite(number) ? number : Double.NaN;
        } catch (NumberFormatException e) {
            // Signs and points in the wrong places are no number, which the caller says with line and column.
            return Double.NaN;
        }
    }

    static boolean isNumber(String cell) {
        return !Double.isNaN(of(cell));
    }

    static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) < LARGEST_WHOLE;
    }
}
