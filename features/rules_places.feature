Feature: Rules about places
  A rule may be about coming and going, or about being somewhere for as long as that lasts.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m

  Rule: Being somewhere lasts, and is over some time

    Scenario: Ana is away from school
      Given the rule that Ana is outside School
      When Ana's phone sends these positions:
        | when           | where             |
        | 30 minutes ago | at School         |
        | 20 minutes ago | 500 m from School |
        | 10 minutes ago | at School         |
      Then these alerts are raised:
        | alert                          | happened       | it is |
        | Ana (phone) was outside School | 20 minutes ago | over  |

    Scenario: Ana is away from school for long enough
      Given the rule that Ana is outside School for 10 minutes
      When Ana's phone sends these positions:
        | when           | where             |
        | 60 minutes ago | at School         |
        | 50 minutes ago | 500 m from School |
        | 45 minutes ago | at School         |
        | 30 minutes ago | 500 m from School |
        | 15 minutes ago | 900 m from School |
      Then these alerts are raised:
        | alert                                         | happened       | it is    |
        | Ana (phone) was outside School for 10 minutes | 20 minutes ago | going on |

    Scenario: Ana has been at school for half an hour
      Given the rule that Ana has been inside School for 30 minutes
      When Ana's phone sends these positions:
        | when           | where             |
        | 60 minutes ago | 500 m from School |
        | 50 minutes ago | at School         |
        | 30 minutes ago | at School         |
        | 10 minutes ago | at School         |
      Then these alerts are raised:
        | alert                                        | happened       |
        | Ana (phone) was inside School for 30 minutes | 20 minutes ago |

  Rule: A short interruption need not count

    Scenario: Ana goes to the gate and back
      Given the rule that Ana is inside School, over after 15 minutes
      When Ana's phone sends these positions:
        | when           | where             |
        | 60 minutes ago | 500 m from School |
        | 50 minutes ago | at School         |
        | 40 minutes ago | 500 m from School |
        | 30 minutes ago | at School         |
      Then these alerts are raised:
        | alert                         | happened       | it is    |
        | Ana (phone) was inside School | 50 minutes ago | going on |

    Scenario: Ana is gone for longer
      Given the rule that Ana is inside School, over after 15 minutes
      When Ana's phone sends these positions:
        | when           | where             |
        | 60 minutes ago | 500 m from School |
        | 50 minutes ago | at School         |
        | 40 minutes ago | 500 m from School |
        | 20 minutes ago | 900 m from School |
        | 10 minutes ago | at School         |
      Then these alerts are raised:
        | alert                         | happened       | it is    |
        | Ana (phone) was inside School | 50 minutes ago | over     |
        | Ana (phone) was inside School | 10 minutes ago | going on |

  Rule: What is so already is told only where the rule says so

    Scenario Outline: A place is drawn around a phone that lies there
      Given Ana's phone was at School 20 minutes ago
      And the rule that Ana is inside School<even so>
      When Ana's phone sends its location at School
      Then <alerts> alerts are raised

      Examples:
        | even so                      | alerts |
        |                              | 0      |
        | , even if it is so already   | 1      |
