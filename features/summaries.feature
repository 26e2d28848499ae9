Feature: Summaries
  Days add up to weeks and months, and are compared with the time before.

  Background:
    Given Ana has a phone that tells everything

  Rule: The parts of a range add up to the whole

    Scenario: Over midnight
      When Ana's phone tells of this:
        | when                         | what         | for        |
        | the day before Tuesday 23:40 | the app maps | 50 minutes |
      Then on the day before Tuesday Ana was active for 20 minutes
      And on Tuesday Ana was active for 30 minutes
      And from the day before Tuesday to Tuesday Ana was active for 50 minutes

  Rule: A range is compared with as many days before it

    Scenario: More than the day before
      When Ana's phone tells of this:
        | when                         | what         | for        |
        | the day before Tuesday 12:00 | the app maps | 10 minutes |
        | Tuesday 12:00                | the app maps | 40 minutes |
      Then on Tuesday Ana was active for 30 minutes more than on the day before
