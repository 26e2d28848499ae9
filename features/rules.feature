Feature: Rules
  A rule is a sentence about people and their devices. When it comes true, an alert is raised.

  Background:
    Given Ana carries a phone and allows location
    And Borut carries a phone and allows location

  Rule: A rule holds for whom it says

    Scenario: A rule about Ana says nothing about Borut
      Given the rule that Ana moves faster than 130 km/h
      When Borut's phone sends its location at 140 km/h
      And Ana's phone sends its location at 140 km/h
      Then 1 alert is raised
      And it is about Ana's phone

  Rule: It may ask not to be told too often

    Scenario: Three fast drives within two hours
      Given the rule that anybody moves faster than 130 km/h, at most once an hour
      When Ana's phone sends these positions:
        | when            | where           | speed    |
        | 180 minutes ago | at Home         | 140 km/h |
        | 170 minutes ago | 500 m from Home | 50 km/h  |
        | 160 minutes ago | 500 m from Home | 140 km/h |
        | 150 minutes ago | 500 m from Home | 50 km/h  |
        | 100 minutes ago | 900 m from Home | 150 km/h |
      Then these alerts are raised:
        | alert                                        | happened        |
        | Ana (phone) moved at 140 km/h, over 130 km/h | 180 minutes ago |
        | Ana (phone) moved at 150 km/h, over 130 km/h | 100 minutes ago |

  Rule: It reads as a sentence

    Scenario: The daughter at school
      Given the place School with a radius of 100 m
      Then the rule that Ana is outside School for 10 minutes, on weekdays from 8:00 to 15:00, at most once an hour reads as “When Ana is outside School for 10 minutes on weekdays 8:00–15:00, raise an alert, at most once per hour.”

  Rule: An alert says why

    Scenario: What was measured, against what, and when
      Given the rule that anybody moves faster than 130 km/h
      When Ana's phone sends these positions:
        | when           | where   | speed    |
        | 20 minutes ago | at Home | 100 km/h |
        | 10 minutes ago | at Home | 140 km/h |
      Then it measured 140 km/h against 130 km/h
      And it shows the observation of 10 minutes ago

    Scenario: What is late says so, and why
      Given the rule that anybody moves faster than 130 km/h
      When Ana's phone sends these positions:
        | when        | where   | speed    |
        | 3 hours ago | at Home | 140 km/h |
      Then it was learned just now and counts as late
      And it measured 140 km/h against 130 km/h
      And it shows the observation of 3 hours ago
