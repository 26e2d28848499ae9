#include "timestamp.hpp"

#include <array>

namespace fieldpost {
namespace {

constexpr std::int64_t ms_per_day = 86'400'000;

// Days from the civil calendar and back: Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms". Years begin in March, so that the leap day is the last of a year.
constexpr std::int64_t days_from_civil(int year, int month, int day) {
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return std::int64_t{era} * 146'097 + day_of_era - 719'468;
}

static_assert(days_from_civil(1970, 1, 1) == 0);
static_assert(days_from_civil(2000, 3, 1) == 11'017);
static_assert(days_from_civil(0, 1, 1) * ms_per_day == min_time_ms);

struct Civil {
    int year;
    int month;
    int day;
};

constexpr Civil civil_from_days(std::int64_t days) {
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const auto day_of_era = static_cast<int>(shifted - era * 146'097);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int march_month = (5 * day_of_year + 2) / 153;
    const int day = day_of_year - (153 * march_month + 2) / 5 + 1;
    const int month = march_month < 10 ? march_month + 3 : march_month - 9;
    const int year = static_cast<int>(era) * 400 + year_of_era + (month <= 2 ? 1 : 0);
    return {year, month, day};
}

constexpr int days_in_month(int year, int month) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month) - 1];
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Two digits, or -1.
int pair_at(std::string_view text, std::size_t index) {
    if (!is_digit(text[index]) || !is_digit(text[index + 1])) return -1;
    return (text[index] - '0') * 10 + (text[index + 1] - '0');
}

// "Z" or "+hh:mm": the minutes east of Greenwich.
std::optional<int> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return {};
    const int hours = pair_at(text, 1);
    const int minutes = pair_at(text, 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return {};
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<std::int64_t> parse_date(std::string_view text) {
    const int century = pair_at(text, 0);
    const int year_of_century = pair_at(text, 2);
    const int month = pair_at(text, 5);
    const int day = pair_at(text, 8);
    if (century < 0 || year_of_century < 0 || text[4] != '-' || text[7] != '-') return {};
    const int year = century * 100 + year_of_century;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return {};
    return days_from_civil(year, month, day);
}

void put_digits(char* at, int value, int width) {
    for (int place = width - 1; place >= 0; --place, value /= 10) {
        at[place] = static_cast<char>('0' + value % 10);
    }
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
    constexpr std::size_t without_zone = 19;
    if (text.size() <= without_zone) return {};
    const auto days = parse_date(text);
    const char between = text[10];
    if (!days || (between != 'T' && between != 't' && between != ' ')) return {};
    const int hour = pair_at(text, 11);
    const int minute = pair_at(text, 14);
    int second = pair_at(text, 17);
    if (text[13] != ':' || text[16] != ':') return {};
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return {};

    std::size_t index = without_zone;
    int milliseconds = 0;
    if (text[index] == '.') {
        const std::size_t start = ++index;
        for (int unit = 100; index < text.size() && is_digit(text[index]); ++index, unit /= 10) {
            milliseconds += (text[index] - '0') * unit;
        }
        if (index == start) return {};
    }
    const auto offset = parse_offset(text.substr(index));
    if (!offset) return {};
    if (second == 60) {
        second = 59;
        milliseconds = 999;
    }
    const std::int64_t seconds = (hour * 60 + minute - *offset) * 60 + second;
    return *days * ms_per_day + seconds * 1000 + milliseconds;
}

std::string_view TimeWriter::written(std::int64_t time_ms) {
    const std::int64_t days = (time_ms - min_time_ms) / ms_per_day;
    const auto rest = static_cast<int>((time_ms - min_time_ms) % ms_per_day);
    char* const text = text_.data();
    if (day_ != days + 1) {
        const Civil date = civil_from_days(days + min_time_ms / ms_per_day);
        put_digits(text, date.year, 4);
        put_digits(text + 5, date.month, 2);
        put_digits(text + 8, date.day, 2);
        day_ = days + 1;
    }
    put_digits(text + 11, rest / 3'600'000, 2);
    put_digits(text + 14, rest / 60'000 % 60, 2);
    put_digits(text + 17, rest / 1'000 % 60, 2);
    const bool is_whole = rest % 1'000 == 0;
    text[19] = is_whole ? 'Z' : '.';
    if (is_whole) return {text, 20};
    put_digits(text + 20, rest % 1'000, 3);
    text[23] = 'Z';
    return {text, 24};
}

}  // namespace fieldpost
