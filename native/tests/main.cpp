#include <cstdio>

#include "check.hpp"

std::vector<Test>& all_tests() {
    static std::vector<Test> tests;
    return tests;
}

int main() {
    int failed = 0;
    for (const Test& test : all_tests()) {
        try {
            test.body();
        } catch (const std::exception& error) {
            std::printf("FAILED %s\n  %s\n", test.name.c_str(), error.what());
            ++failed;
        }
    }
    std::printf("%zu tests, %d failed\n", all_tests().size(), failed);
    return failed == 0 ? 0 : 1;
}
