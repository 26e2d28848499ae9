#include "check.hpp"
#include "decimal.hpp"
#include "json_cursor.hpp"
#include "samples.hpp"

using namespace fieldpost;

namespace {

constexpr std::int64_t wide = std::int64_t{1} << 53;

FixedPoint read(std::string_view text, int decimals, std::int64_t bound = wide) {
    JsonCursor cursor(text);
    const Decimal number = cursor.number();
    cursor.end();
    return to_fixed(number, decimals, -bound, bound);
}

std::string write(std::int64_t value, int decimals) {
    std::string text;
    append_fixed(text, value, decimals);
    return text;
}

}  // namespace

TEST("numbers are rounded half away from zero, as written") {
    CHECK(read("0.15", 1).value == 2);
    CHECK(read("-0.15", 1).value == -2);
    CHECK(read("0.1499999999999999999999999", 1).value == 1);
    CHECK(read("0.05", 1).value == 1);
    CHECK(read("45.27351885", 7).value == 452'735'189);
    CHECK(read("4527351885e-8", 7).value == 452'735'189);
    CHECK(read("0.0000000000000000000000452735189e24", 7).value == 452'735'189);
    CHECK(read("45273518900000000000000000000e-27", 7).value == 452'735'189);
    CHECK(read("123456789012345678901234567890e-29", 0).value == 1);
    const std::string zeros(200'000, '0');
    CHECK(read(std::string("1").append(zeros).append("e-200000"), 7).value == 10'000'000);
    CHECK(read(std::string("0.").append(zeros).append("1e200001"), 7).value == 10'000'000);
    CHECK(read("0e99999999999999999999", 7).value == 0);
    CHECK(read("1e-99999999999999999999", 7).value == 0);
}

TEST("exactness and range are judged before rounding") {
    CHECK(read("5.0", 0).exact && read("50e-1", 0).exact);
    CHECK(read("5000000000000000000000e-21", 0).exact);
    CHECK(!read("5.5", 0).exact && !read("1e-30", 0).exact);
    CHECK(!read("5.0000000000000000000000000001", 0).exact);
    CHECK(read("10", 0, 10).in_range && !read("10.00000000000000000000000001", 0, 10).in_range);
    CHECK(read("-10", 0, 10).in_range && !read("-10.4", 0, 10).in_range);
    CHECK(read("9.9999999", 0, 10).in_range);
    CHECK(!read("1e19", 0).in_range && !read("1e400", 0).in_range);
    CHECK(!read("99999999999999999999999999999", 0).in_range);
    CHECK(read("9007199254740992", 0).in_range && !read("9007199254740993", 0).in_range);
}

TEST("what a double can hold") {
    const auto finite = [](std::string_view text) {
        return is_finite_double(JsonCursor(text).number());
    };
    CHECK(finite("1.7976931348623157e308") && finite("1e308") && finite("-0.1e309"));
    CHECK(!finite("1.8e308") && !finite("1e309") && !finite("-1e99999999999"));
    CHECK(finite("1e-99999999999") && finite("0e999"));
    CHECK(finite(std::string(308, '9')) && !finite(std::string(310, '9')));
}

TEST("fixed point is written without what is not needed") {
    CHECK(write(0, 7) == "0");
    CHECK(write(-1, 7) == "-0.0000001");
    CHECK(write(452'735'189, 7) == "45.2735189");
    CHECK(write(-1'800'000'000, 7) == "-180");
    CHECK(write(12'500, 3) == "12.5");
    CHECK(write((std::int64_t{1} << 53) - 1, 0) == "9007199254740991");
    Random random(31);
    for (int round = 0; round < 100'000; ++round) {
        const std::int64_t value = random.between(-wide + 1, wide - 1) >> random.below(53);
        const int decimals = static_cast<int>(random.below(8));
        const FixedPoint again = read(write(value, decimals), decimals);
        CHECK(again.value == value && again.exact && again.in_range);
    }
}
