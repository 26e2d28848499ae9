Feature: Rules with hours
  Hours are those that clocks show where the person lives.

  Background:
    Given Ana carries a phone and allows location
    And Ana lives in the time zone Europe/Ljubljana
    And the place Home with a radius of 100 m

  Rule: A rule is silent at other times

    Scenario Outline: Inside on weekdays
      Given the rule that Ana is inside Home, on weekdays from 8:00 to 15:00
      When Ana's phone sends its location of <time>
      Then <alerts> alerts are raised

      Examples:
        | time           | alerts |
        | Tuesday 08:30  | 1      |
        | Tuesday 15:30  | 0      |
        | Saturday 10:00 | 0      |

  Rule: Hours may run across midnight

    Scenario Outline: Out at night
      Given the rule that Ana is outside Home, every day from 22:00 to 6:00
      When Ana's phone sends its location of <time>, 500 m from Home
      Then <alerts> alerts are raised

      Examples:
        | time            | alerts |
        | yesterday 21:30 | 0      |
        | yesterday 22:30 | 1      |
        | yesterday 05:30 | 1      |
        | yesterday 06:30 | 0      |

    Scenario Outline: A night belongs to the day on which it begins
      Given the rule that Ana is outside Home, on weekdays from 22:00 to 6:00
      When Ana's phone sends its location of <time>, 500 m from Home
      Then <alerts> alerts are raised

      Examples:
        | time           | alerts |
        | Saturday 05:30 | 1      |
        | Saturday 22:30 | 0      |
        | Monday 05:30   | 0      |

  Rule: School days are weekdays without holidays

    Scenario Outline: A holiday
      Given the calendar School holidays with last Tuesday
      And the rule that Ana is inside Home, on weekdays from 8:00 to 15:00, except on School holidays
      When Ana's phone sends its location of <time>
      Then <alerts> alerts are raised

      Examples:
        | time            | alerts |
        | Tuesday 08:30   | 0      |
        | Wednesday 08:30 | 1      |

  Rule: Hours stay where they are when the clocks change

    Scenario Outline: The night in which the clocks change
      Given the rule that Ana is outside Home, every day from 22:00 to 6:00
      When Ana's phone sends its location of <time> on the day the clocks went <way>, 500 m from Home
      Then <alerts> alerts are raised

      Examples:
        | way     | time  | alerts |
        | back    | 05:30 | 1      |
        | back    | 06:30 | 0      |
        | forward | 05:30 | 1      |
        | forward | 06:30 | 0      |
