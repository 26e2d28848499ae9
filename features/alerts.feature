Feature: Alerts
  People see what happened, newest last, and say when they have dealt with it.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m
    And the critical rule that anybody enters School
    And Ana's phone sends these positions:
      | when           | where             |
      | 20 minutes ago | 500 m from School |
      | 10 minutes ago | at School         |

  Rule: An alert is open until somebody acknowledges it

    Scenario: An alert that nobody has seen yet
      Then 1 alert is raised
      And it is open and critical

    Scenario: It is acknowledged
      When the owner acknowledges the alert
      Then it has been acknowledged by the owner

    Scenario: Acknowledging twice changes nothing
      Given the owner has acknowledged the alert
      When the owner acknowledges the alert
      Then it has been acknowledged by the owner when it was first acknowledged

  Rule: Alerts stay when their rule has gone

    Scenario: The rule is removed
      When the rule is removed
      And Ana's phone sends these positions:
        | when          | where             |
        | 8 minutes ago | 500 m from School |
        | 4 minutes ago | at School         |
      Then these alerts are raised:
        | alert                      | happened       |
        | Ana (phone) entered School | 10 minutes ago |
